//! A run's folder: `run.json` says what is trained, `checkpoint` holds the weights and the optimizer of some epochs, `log.csv`
//! every finished epoch.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    rc::Rc,
};

use anyhow::{Context, Result, bail, ensure};
use bmrl::{Taxonomy, model::Bmrl};
use burn::{
    module::Module,
    record::{FileRecorder, FullPrecisionSettings, NamedMpkBytesRecorder, Recorder, RecorderError},
    tensor::{DType, backend::Backend},
};
use burn_store::{ModuleAdapter, ModuleSnapshot, SafetensorsStore, TensorSnapshot};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{
    recipe::Recipe,
    train::{Learned, run_log},
    whole_file::write_whole,
};

const RUN: &str = "run.json";
const CONFIG: &str = "config.toml";

/// The files of one checkpoint, as burn-train names them.
const PARTS: [&str; 3] = ["model", "optim", "scheduler"];
const EXTENSION: &str = "mpk";

/// What a run trains.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Run {
    /// The networks, the losses and how they are trained.
    pub recipe: Recipe,
    /// The classes.
    pub taxonomy: Taxonomy,
    /// The data folder.
    pub data: PathBuf,
    /// SHA-256 of its labels.csv, by which a change is noticed.
    pub labels_sha256: String,
    /// Epoch of the weights that were read, from 1; 0 before.
    #[serde(skip)]
    pub epoch: usize,
}

impl Run {
    /// The model that this run trains, with fresh weights.
    pub fn model<B: Backend>(&self, device: &B::Device) -> Bmrl<B> {
        let guidance = self.recipe.losses.guidance();
        Bmrl::new(&self.recipe.method, self.taxonomy.classes(), guidance, device)
    }

    /// Writes `run.json`, and the configuration alone as `config.toml`.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn create(&self, folder: &Path) -> Result<()> {
        write_whole(&folder.join(CONFIG), self.recipe.to_toml()?.as_bytes())?;
        write_whole(&folder.join(RUN), &serde_json::to_vec_pretty(self)?)
    }

    /// Reads `run.json`.
    ///
    /// # Errors
    /// When the folder holds no run.
    pub fn read(folder: &Path) -> Result<Self> {
        let path = folder.join(RUN);
        let text = fs::read(&path).with_context(|| {
            format!("cannot read {}; name a folder that `trainer train` wrote", path.display())
        })?;
        serde_json::from_slice(&text).with_context(|| path.display().to_string())
    }

    /// Whether a folder holds one.
    pub fn exists(folder: &Path) -> bool {
        folder.join(RUN).exists()
    }
}

/// Keeps a second program out of a run's folder for as long as it lives.
pub struct RunLock(#[allow(dead_code)] File);

impl RunLock {
    /// Takes the folder.
    ///
    /// # Errors
    /// When another program trains in it.
    pub fn take(folder: &Path) -> Result<Self> {
        fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
        let path = folder.join("lock");
        let file = File::create(&path).with_context(|| format!("cannot write {}", path.display()))?;
        match file.try_lock() {
            Ok(()) => Ok(Self(file)),
            Err(fs::TryLockError::WouldBlock) => {
                bail!("another program is training in {}; name another folder", folder.display())
            }
            // Some network file systems have no locks; there it is up to the person.
            Err(fs::TryLockError::Error(_)) => Ok(Self(file)),
        }
    }
}

/// Where burn-train puts them.
pub fn checkpoint_file(folder: &Path, part: &str, epoch: usize) -> PathBuf {
    folder.join("checkpoint").join(format!("{part}-{epoch}.{EXTENSION}"))
}

/// The last epoch from which a run can go on.
pub fn last_whole(folder: &Path, epochs: &[run_log::Epoch]) -> Option<usize> {
    let whole = |epoch: &usize| PARTS.iter().all(|part| checkpoint_file(folder, part, *epoch).exists());
    epochs.iter().map(|epoch| epoch.number).rev().find(whole)
}

/// Reads a run and the weights of its best epoch, or of the epoch that is named.
///
/// # Errors
/// When there are none, or they do not fit.
pub fn load<B: Backend>(folder: &Path, epoch: Option<usize>, device: &B::Device) -> Result<(Run, Bmrl<B>)> {
    let mut run = Run::read(folder)?;
    let there: Vec<run_log::Epoch> = run_log::read(folder)?
        .into_iter()
        .filter(|epoch| checkpoint_file(folder, PARTS[0], epoch.number).exists())
        .collect();
    let best = run_log::best(&there).map(|best| best.number);
    let numbers: Vec<usize> = there.iter().map(|epoch| epoch.number).collect();
    let chosen = match epoch {
        Some(epoch) => {
            ensure!(numbers.contains(&epoch), "{} has no epoch {epoch}, only {numbers:?}", folder.display());
            epoch
        }
        None => best.with_context(|| {
            format!("{} has no finished epoch; go on with `trainer train --resume {0}`", folder.display())
        })?,
    };
    let path = checkpoint_file(folder, PARTS[0], chosen);
    let record = WholeFiles
        .load(path.clone(), device)
        .map_err(|error| anyhow::anyhow!("cannot read {}: {error}", path.display()))?;
    run.epoch = chosen;
    let learned = Learned { model: run.model(device) }.load_record(record);
    Ok((run, learned.model))
}

/// Takes the classifier of another run, or of a file that `trainer weights` wrote, and of the guiding encoders those that
/// it has too.
///
/// # Errors
/// When it cannot be read, or its classifier does not fit.
pub fn initialize<B: Backend>(from: &Path, model: &mut Bmrl<B>, device: &B::Device) -> Result<()> {
    let said =
        |error: &dyn std::fmt::Display| anyhow::anyhow!("cannot start from {}: {error}", from.display());
    let applied = if from.is_dir() {
        let (_, other) = load::<B>(from, None, device)?;
        model.apply(other.collect(None, None, true), None, None, true)
    } else {
        let mut store = SafetensorsStore::from_file(from)
            .skip_enum_variants(true)
            .allow_partial(true)
            .with_from_adapter(Single);
        model.load_from(&mut store).map_err(|error| said(&error))?
    };
    let missing: Vec<&str> = applied
        .missing
        .iter()
        .map(|(name, _)| &**name)
        .filter(|name| name.starts_with("classifier."))
        .collect();
    ensure!(missing.is_empty(), "{} lacks {missing:?}", from.display());
    ensure!(applied.errors.is_empty(), "{} does not fit: {:?}", from.display(), applied.errors);
    Ok(())
}

/// Every parameter of a module by its name, as safetensors.
///
/// # Errors
/// When the file cannot be written.
pub fn write_weights<B: Backend>(path: &Path, module: &impl ModuleSnapshot<B>) -> Result<()> {
    let mut store = SafetensorsStore::from_file(path).skip_enum_variants(true).overwrite(true);
    module.save_into(&mut store).map_err(|error| anyhow::anyhow!("cannot write {}: {error}", path.display()))
}

/// burn's records as named MessagePack, in files that appear whole or not at all.
#[derive(Debug, Clone, Default)]
pub struct WholeFiles;

type Bytes = NamedMpkBytesRecorder<FullPrecisionSettings>;

impl<B: Backend> FileRecorder<B> for WholeFiles {
    fn file_extension() -> &'static str {
        EXTENSION
    }
}

impl<B: Backend> Recorder<B> for WholeFiles {
    type Settings = FullPrecisionSettings;
    type RecordArgs = PathBuf;
    type RecordOutput = ();
    type LoadArgs = PathBuf;

    fn save_item<I: Serialize>(&self, item: I, path: PathBuf) -> Result<(), RecorderError> {
        let bytes = <Bytes as Recorder<B>>::save_item(&Bytes::default(), item, ())?;
        let path = path.with_extension(EXTENSION);
        write_whole(&path, &bytes).map_err(|error| RecorderError::Unknown(format!("{error:#}")))
    }

    fn load_item<I: DeserializeOwned>(&self, path: &mut PathBuf) -> Result<I, RecorderError> {
        path.set_extension(EXTENSION);
        let mut bytes = fs::read(&*path).map_err(|error| RecorderError::FileNotFound(error.to_string()))?;
        <Bytes as Recorder<B>>::load_item(&Bytes::default(), &mut bytes)
    }
}

/// Half precision, as `trainer weights --half` writes it, to the single precision that everything computes in.
/// burn-store's own adapter turns single precision into half as well.
#[derive(Clone)]
struct Single;

impl ModuleAdapter for Single {
    fn adapt(&self, snapshot: &TensorSnapshot) -> TensorSnapshot {
        if snapshot.dtype != DType::F16 {
            return snapshot.clone();
        }
        let half = snapshot.clone_data_fn();
        TensorSnapshot::from_closure(
            Rc::new(move || Ok(half()?.convert::<f32>())),
            DType::F32,
            snapshot.shape.clone(),
            snapshot.path_stack.clone().unwrap_or_default(),
            snapshot.container_stack.clone().unwrap_or_default(),
            snapshot.tensor_id.unwrap_or_default(),
        )
    }

    fn clone_box(&self) -> Box<dyn ModuleAdapter> {
        Box::new(self.clone())
    }
}
