//! What `torch.save` writes since PyTorch 1.6: a zip archive of a pickle and of the storages that its tensors look into.
//!
//! burn-store reads such files too, but takes every tensor for contiguous: a transposed or a channels-last one would
//! come out with its numbers in disorder and nothing said.

use std::{
    collections::BTreeMap,
    fs::File,
    io::{Read, Seek},
    path::Path,
};

use anyhow::{Context, Result, bail, ensure};
use burn::tensor::{DType, TensorData};
use zip::ZipArchive;

use super::pickle::{Node, Pickle, Scan, Value};

/// How deep dictionaries may stand in each other; a training program's checkpoint has two or three levels.
const DEPTH: usize = 8;

/// How many values are looked at: dictionaries that share each other could be walked through for ever.
const VALUES: usize = 1 << 20;

/// What makes a tensor of a storage.
const TENSOR: &str = "torch._utils._rebuild_tensor_v2";

/// The floating-point tensors of a file by name, single precision. Names of nested dictionaries are joined with dots.
///
/// # Errors
/// When it is no such file, is damaged, or holds a tensor that looks beyond its storage.
pub fn read(path: &Path) -> Result<BTreeMap<String, TensorData>> {
    let file = File::open(path).context("there is no such file")?;
    let length = file.metadata()?.len();
    let archive = ZipArchive::new(file)
        .context("it is no archive as torch.save has written since version 1.6, or cut off; save it again")?;
    let mut reader = Reader { archive, length, folder: String::new(), found: BTreeMap::new(), seen: 0 };
    let names: Vec<String> = reader.archive.file_names().map(str::to_owned).collect();
    let name = names.iter().find(|name| name.ends_with("/data.pkl")).context("it has no data.pkl")?;
    reader.folder = name.trim_end_matches("data.pkl").to_owned();
    let bytes = reader.entry(name)?;
    let pickle = Pickle::read(&mut Scan(&bytes))?;
    reader.walk(&pickle, &pickle.root, &mut Vec::new())?;
    // As OpenAI's own download is: its root is a module, not a dictionary.
    let script = names.iter().any(|name| name.ends_with("/constants.pkl"));
    ensure!(
        !script || !reader.found.is_empty(),
        "it is TorchScript; load it in PyTorch and save its state_dict()"
    );
    Ok(reader.found)
}

struct Reader<R> {
    archive: ZipArchive<R>,
    /// Bytes of the whole file, which none of its storages can exceed: they are stored as they are.
    length: u64,
    folder: String,
    found: BTreeMap<String, TensorData>,
    /// Values looked at so far.
    seen: usize,
}

impl<R: Read + Seek> Reader<R> {
    fn entry(&mut self, name: &str) -> Result<Vec<u8>> {
        let entry = self.archive.by_name(name).with_context(|| format!("it has no {name}"))?;
        ensure!(entry.size() <= self.length, "{name} claims to be larger than the file");
        let mut bytes = Vec::new();
        entry.take(self.length).read_to_end(&mut bytes).with_context(|| format!("{name} is damaged"))?;
        Ok(bytes)
    }

    /// Looks for tensors in a dictionary and in those within it.
    fn walk(&mut self, pickle: &Pickle, value: &Value, path: &mut Vec<String>) -> Result<()> {
        self.seen += 1;
        ensure!(self.seen <= VALUES, "it holds more than {VALUES} values");
        let Some(Node::Object { function, arguments, items }) = pickle.node(value) else { return Ok(()) };
        let named = |function: &Option<Value>| function.as_ref().map_or("", |value| pickle.global(value));
        match named(function) {
            TENSOR => self.find(pickle, arguments, path)?,
            "torch._utils._rebuild_parameter" => {
                // Of a tensor, never of another parameter: that one could be itself.
                let tensor = pickle.sequence(arguments).first().and_then(|tensor| pickle.node(tensor));
                if let Some(Node::Object { function, arguments, .. }) = tensor
                    && named(function) == TENSOR
                {
                    self.find(pickle, arguments, path)?;
                }
            }
            "" | "collections.OrderedDict" if path.len() < DEPTH => {
                for (key, value) in items {
                    if let Some(Value::Text(key)) = key {
                        path.push(key.to_string());
                        self.walk(pickle, value, path)?;
                        path.pop();
                    }
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn find(&mut self, pickle: &Pickle, arguments: &Value, path: &[String]) -> Result<()> {
        let name = path.join(".");
        let tensor = self.tensor(pickle, arguments).with_context(|| name.clone())?;
        self.found.extend(tensor.map(|tensor| (name, tensor)));
        Ok(())
    }

    /// A tensor from (storage, offset, size, stride, ...); `None` unless it is floating point.
    fn tensor(&mut self, pickle: &Pickle, arguments: &Value) -> Result<Option<TensorData>> {
        let [storage, offset, size, stride, ..] = pickle.sequence(arguments) else {
            bail!("it is no tensor")
        };
        let whole = |value: &Value| match value {
            Value::Integer(number) => usize::try_from(*number).context("a negative size or stride"),
            _ => bail!("a size or stride that is no number"),
        };
        let list = |value| pickle.sequence(value).iter().map(whole).collect::<Result<Vec<usize>>>();
        let (offset, shape, strides) = (whole(offset)?, list(size)?, list(stride)?);
        let Some(Node::Persistent(reference)) = pickle.node(storage) else { bail!("it has no storage") };
        let [_, kind, Value::Text(key), ..] = pickle.sequence(reference) else { bail!("it has no storage") };
        let dtype = match pickle.global(kind) {
            "torch.DoubleStorage" => DType::F64,
            "torch.FloatStorage" => DType::F32,
            "torch.HalfStorage" => DType::F16,
            "torch.BFloat16Storage" => DType::BF16,
            _ => return Ok(None),
        };
        let storage = self.entry(&format!("{}data/{key}", self.folder))?;
        let bytes = gather(&storage, dtype.size(), offset, &shape, &strides)?;
        Ok(Some(TensorData::from_bytes_vec(bytes, shape, dtype).convert::<f32>()))
    }
}

/// The elements of a strided view in row-major order.
fn gather(
    storage: &[u8],
    element: usize,
    offset: usize,
    shape: &[usize],
    strides: &[usize],
) -> Result<Vec<u8>> {
    ensure!(shape.len() == strides.len(), "it has {} sizes and {} strides", shape.len(), strides.len());
    let count = shape.iter().try_fold(1, |product: usize, size| product.checked_mul(*size));
    let count =
        count.filter(|count| *count <= storage.len() / element).context("it is larger than its storage")?;
    if count == 0 {
        return Ok(Vec::new());
    }
    let reach = shape
        .iter()
        .zip(strides)
        .try_fold(offset, |end, (size, stride)| end.checked_add((size - 1).checked_mul(*stride)?));
    let inside = reach.is_some_and(|last| last < storage.len() / element);
    ensure!(inside, "it looks beyond its storage");
    let mut bytes = Vec::with_capacity(count * element);
    for index in 0..count {
        let mut rest = index;
        let mut place = offset;
        for (size, stride) in shape.iter().zip(strides).rev() {
            place += rest % size * stride;
            rest /= size;
        }
        bytes.extend_from_slice(&storage[place * element..][..element]);
    }
    Ok(bytes)
}
