//! Intersection over union: for each class the pixels where map and mask agree on it, over those where either has it.

use image::GrayImage;
use serde::{Deserialize, Serialize};

use super::classes::ClassSet;

/// Pixels by true and predicted class, summed over pictures.
pub struct Confusion {
    classes: usize,
    /// Row: truth.
    counts: Vec<u64>,
}

/// Intersection over union of every class.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Iou {
    /// Over the classes that occur.
    pub mean: f64,
    /// Part of all pixels that have the right class.
    pub accuracy: f64,
    /// Pictures measured.
    pub pictures: usize,
    /// In the order of the indices; none where neither map nor mask has the class.
    pub classes: Vec<(String, Option<f64>)>,
}

impl Confusion {
    /// Of nothing yet.
    pub fn new(classes: usize) -> Self {
        Self { classes, counts: vec![0; classes * classes] }
    }

    /// Counts a picture; both maps have its size.
    pub fn add(&mut self, truth: &GrayImage, predicted: &GrayImage) {
        for (&truth, &predicted) in truth.as_raw().iter().zip(predicted.as_raw()) {
            self.counts[usize::from(truth) * self.classes + usize::from(predicted)] += 1;
        }
    }

    /// Adds another's counts.
    pub fn merge(mut self, other: &Self) -> Self {
        for (count, more) in self.counts.iter_mut().zip(&other.counts) {
            *count += more;
        }
        self
    }

    /// What was counted, over `pictures`.
    pub fn iou(&self, set: &ClassSet, pictures: usize) -> Iou {
        let n = self.classes;
        let hit = |class: usize| self.counts[class * n + class];
        let of = |class: usize| {
            let truth: u64 = self.counts[class * n..(class + 1) * n].iter().sum();
            let predicted: u64 = self.counts.iter().skip(class).step_by(n).sum();
            let union = truth + predicted - hit(class);
            (union > 0).then(|| hit(class) as f64 / union as f64)
        };
        let classes: Vec<_> =
            set.classes.iter().enumerate().map(|(i, class)| (class.name.clone(), of(i))).collect();
        let present: Vec<f64> = classes.iter().filter_map(|(_, iou)| *iou).collect();
        let total: u64 = self.counts.iter().sum();
        Iou {
            mean: present.iter().sum::<f64>() / present.len().max(1) as f64,
            accuracy: (0..n).map(hit).sum::<u64>() as f64 / total.max(1) as f64,
            pictures,
            classes,
        }
    }
}

impl std::fmt::Display for Iou {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        for (name, iou) in &self.classes {
            match iou {
                Some(iou) => writeln!(f, "  {name:<16} {iou:.3}")?,
                None => writeln!(f, "  {name:<16} absent")?,
            }
        }
        write!(
            f,
            "  {:<16} {:.3}, {:.3} of the pixels right, {} pictures",
            "mean IoU", self.mean, self.accuracy, self.pictures
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::classes::KnownSet;

    #[test]
    fn iou_is_counted_by_hand() {
        let map = |indices: &[u8]| GrayImage::from_raw(4, 1, indices.to_vec()).unwrap();
        let mut confusion = Confusion::new(6);
        confusion.add(&map(&[0, 0, 1, 2]), &map(&[0, 1, 1, 2]));
        let iou = confusion.iou(&KnownSet::Face6.classes(), 1);
        let values: Vec<Option<f64>> = iou.classes.iter().map(|(_, iou)| *iou).collect();
        assert_eq!(values, [Some(0.5), Some(0.5), Some(1.0), None, None, None]);
        assert_eq!((iou.mean, iou.accuracy), (2.0 / 3.0, 0.75));
    }
}
