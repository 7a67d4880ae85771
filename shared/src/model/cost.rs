//! What one face costs at inference, counted from the configuration.

use super::{EncoderConfig, ModelConfig, MpveConfig, ResidualConfig, SideView, ViewConfig};
use crate::{crop::CROP_SIDE, views::PATCH_SIDE};

impl ModelConfig {
    /// Multiply-accumulates of the network for one face; views, norms and softmax are left out (below 1 %).
    pub fn multiply_accumulates(&self) -> u64 {
        let total = match &self.encoder {
            EncoderConfig::Mpve(mpve) => mpve.multiply_accumulates(self.width),
            EncoderConfig::Residual(residual) => residual.multiply_accumulates(self.width),
        };
        total as u64
    }
}

impl MpveConfig {
    fn multiply_accumulates(&self, width: usize) -> usize {
        let crop = CROP_SIDE as usize;
        let sides = [(SideView::Noise, &self.noise, PATCH_SIDE), (SideView::Edge, &self.edge, crop)];
        let sides = sides.into_iter().filter(|(name, ..)| self.has(*name));
        // A cross-attention from one class token: query and output once, key and value per token.
        let fusion =
            |view: &ViewConfig| 2 * width * width * (view.tokens + 2) + 2 * width * (view.tokens + 1);
        let sides: usize =
            sides.map(|(_, view, side)| self.view_cost(view, side, width) + fusion(view)).sum();
        self.view_cost(&self.image, crop, width) + sides
    }

    fn view_cost(&self, view: &ViewConfig, side: usize, width: usize) -> usize {
        let mut side = side / view.stem_stride;
        let mut channels = view.channels;
        let mut total = 0;
        for (&output, &convs) in view.widths.iter().zip(&view.convs) {
            total += side * side * 9 * output * (channels + output * (convs - 1));
            channels = output;
            side /= 2;
        }
        total += view.tokens * channels * view.token_side * view.token_side * width;
        let tokens = view.tokens + 1;
        let linear = tokens * (4 * width * width + 2 * width * self.mlp);
        let attention = 2 * tokens * tokens * width;
        total + view.blocks * (linear + attention)
    }
}

impl ResidualConfig {
    fn multiply_accumulates(&self, width: usize) -> usize {
        let mut side = CROP_SIDE as usize / 2;
        let mut total = side * side * 49 * 3 * self.stem_width;
        side /= 2;
        let mut channels = self.stem_width;
        for (stage, (&inner, &blocks)) in self.widths.iter().zip(&self.blocks).enumerate() {
            let output = self.output(inner);
            for index in 0..blocks {
                let strides = stage > 0 && index == 0;
                let before = side * side;
                side = if strides { side / 2 } else { side };
                let area = side * side;
                total += if self.bottleneck {
                    before * channels * inner + area * (9 * inner * inner + inner * output)
                } else {
                    area * 9 * (channels * inner + inner * inner)
                };
                if strides || channels != output {
                    total += area * channels * output;
                }
                channels = output;
            }
        }
        total + channels * width
    }
}
