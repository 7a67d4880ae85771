//! Pictures on which the views are compared with OpenCV and scikit-image: 100 random ones and 20 made to be awkward.

use bmrl::{CROP_SIDE, FaceCrop};
use image::{Rgb, RgbImage};
use rand::{Rng, SeedableRng, seq::IndexedRandom};
use rand_chacha::ChaCha8Rng;

/// Random pictures before the constructed ones.
pub const RANDOM: u64 = 100;

/// All of them, as the model gets them: 224 x 224.
pub fn images() -> Vec<RgbImage> {
    let random = (0..RANDOM).map(random);
    random.chain(constructed().iter().map(|picture| FaceCrop::whole(picture).face)).collect()
}

/// Waves under noise whose strength differs from quarter to quarter; some in few grey levels.
fn random(seed: u64) -> RgbImage {
    let mut stream = ChaCha8Rng::seed_from_u64(seed);
    let waves: [[f32; 3]; 3] =
        std::array::from_fn(|_| std::array::from_fn(|_| stream.random_range(0.0..0.4)));
    let rough: [f32; 4] = std::array::from_fn(|_| stream.random_range(0.0..60.0));
    let step: f32 = *[1.0, 1.0, 1.0, 4.0, 32.0].choose(&mut stream).unwrap_or(&1.0);
    RgbImage::from_fn(CROP_SIDE, CROP_SIDE, |x, y| {
        let noise = rough[(y / 112 * 2 + x / 112) as usize];
        Rgb(waves.map(|[across, down, phase]| {
            let smooth = 128.0 + 90.0 * (across * x as f32 + down * y as f32 + 9.0 * phase).sin();
            let value = smooth + noise * stream.random_range(-1.0..1.0_f32);
            ((value / step).round() * step).clamp(0.0, 255.0) as u8
        }))
    })
}

/// Ties, flat pictures, pictures smaller than the crop, and extreme shapes.
fn constructed() -> Vec<RgbImage> {
    let mut stream = ChaCha8Rng::seed_from_u64(1_000);
    let side = CROP_SIDE;
    let tile: Vec<Rgb<u8>> = (0..112 * 112).map(|_| Rgb(stream.random())).collect();
    let tiled = |x: u32, y: u32| tile[(y % 112 * 112 + x % 112) as usize];
    let square = |colour: &dyn Fn(u32, u32) -> Rgb<u8>| RgbImage::from_fn(side, side, colour);
    let grey = |value: u32| Rgb([value as u8; 3]);
    // Its luma ends on one half exactly: 299 * 100 + 587 * 100 + 114 * 25 = 91450, and 50 more thousandths.
    let half = Rgb([100, 100, 25]);
    let mut all = vec![
        square(&|_, _| grey(0)),
        square(&|_, _| grey(255)),
        square(&|_, _| half),
        // All four quarters equal; then two pairs; then one rough quarter at each place.
        square(&tiled),
        square(&|x, y| if y < 112 { tiled(x, y) } else { grey(9) }),
        square(&|x, y| if x < 112 { grey(9) } else { tiled(x, y) }),
    ];
    for quarter in 0..4 {
        all.push(square(&move |x, y| {
            if y / 112 * 2 + x / 112 == quarter { grey((x * 37 + y * 91) % 256) } else { grey(100) }
        }));
    }
    // Stripes across are homogeneous from left to right, stripes down are not at all; a board; ramps; colours on halves.
    all.push(square(&|_, y| grey(y % 2 * 255)));
    all.push(square(&|x, _| grey(x % 2 * 255)));
    all.push(square(&|x, y| grey((x + y) % 2 * 255)));
    all.push(square(&|x, y| Rgb([x as u8, y as u8, ((x + y) / 2) as u8])));
    all.push(square(&|x, y| Rgb([(x % 8 * 25) as u8, (x % 8 * 25) as u8, (25 + y % 4 * 50) as u8])));
    for (width, height) in [(1, 1), (7, 7), (60, 40), (3, 2000), (2000, 230)] {
        all.push(RgbImage::from_fn(width, height, |_, _| Rgb(stream.random())));
    }
    all
}
