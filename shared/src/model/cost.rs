//! What one face costs at inference, counted from the configuration.

use super::{ModelConfig, ViewConfig};
use crate::{crop::CROP_SIDE, views::PATCH_SIDE};

impl ModelConfig {
    /// Multiply-accumulates of the network for one face; views, norms and softmax are left out (below 1 %).
    pub fn multiply_accumulates(&self) -> u64 {
        let crop = CROP_SIDE as usize;
        let views = [(&self.image, crop), (&self.noise, PATCH_SIDE), (&self.edge, crop)];
        let encoders: usize = views.iter().map(|(view, side)| self.view_cost(view, *side)).sum();
        // Two cross-attentions from one class token: query and output once each, key and value per token.
        let fusion: usize = [&self.noise, &self.edge]
            .iter()
            .map(|view| 2 * self.width * self.width * (view.tokens + 2) + 2 * self.width * (view.tokens + 1))
            .sum();
        (encoders + fusion) as u64
    }

    fn view_cost(&self, view: &ViewConfig, side: usize) -> usize {
        let mut side = side / view.stem_stride;
        let mut channels = view.channels;
        let mut total = 0;
        for (&width, &convs) in view.widths.iter().zip(&view.convs) {
            total += side * side * 9 * width * (channels + width * (convs - 1));
            channels = width;
            side /= 2;
        }
        total += view.tokens * channels * view.token_side * view.token_side * self.width;
        let tokens = view.tokens + 1;
        let linear = tokens * (4 * self.width * self.width + 2 * self.width * self.mlp);
        let attention = 2 * tokens * tokens * self.width;
        total + view.blocks * (linear + attention)
    }
}
