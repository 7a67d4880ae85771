//! Python's pickle format (PEP 307 and 3154; the opcodes as in CPython's `pickletools.py`), read as data.
//!
//! Nothing of a file is executed: the call of a function becomes a [`Node::Object`] that says which function and with
//! what. Everything stands in one flat list, so that neither cycles nor deep nesting nor repeated references cost more
//! than the file is long.

mod machine;
mod scan;

use std::rc::Rc;

use anyhow::Result;

use machine::Machine;
pub use scan::Scan;

/// A small value, or the place of a larger one.
#[derive(Debug, Clone)]
pub enum Value {
    /// A whole number of at most 64 bits.
    Integer(i64),
    /// A string.
    Text(Rc<str>),
    /// Index into [`Pickle::nodes`].
    Node(usize),
    /// Anything that no tensor is made of: None, truth values, fractions, bytes.
    Other,
}

/// What has parts.
#[derive(Debug)]
pub enum Node {
    /// A tuple, list or set.
    Sequence(Vec<Value>),
    /// The dotted name of a function or class.
    Global(String),
    /// A reference out of the pickle; to a storage, in PyTorch's files.
    Persistent(Value),
    /// A dictionary, or what a call returns.
    Object {
        /// What is called, unless it is a plain dictionary.
        function: Option<Value>,
        /// A sequence.
        arguments: Value,
        /// Keys and values. An object's state is an item without key.
        items: Vec<(Option<Value>, Value)>,
    },
}

/// A pickle's contents.
#[derive(Debug)]
pub struct Pickle {
    /// Everything that has parts.
    pub nodes: Vec<Node>,
    /// What was pickled.
    pub root: Value,
}

impl Pickle {
    /// Reads one pickle; what follows it is left in `scan`.
    ///
    /// # Errors
    /// When it is cut short or no pickle of the newer protocols.
    pub fn read(scan: &mut Scan) -> Result<Self> {
        let (nodes, root) = Machine::new(scan).run()?;
        Ok(Self { nodes, root })
    }

    /// The node of a value that has parts.
    pub fn node(&self, value: &Value) -> Option<&Node> {
        match value {
            Value::Node(index) => self.nodes.get(*index),
            _ => None,
        }
    }

    /// The members of a tuple, list or set; nothing of anything else.
    pub fn sequence(&self, value: &Value) -> &[Value] {
        match self.node(value) {
            Some(Node::Sequence(members)) => members,
            _ => &[],
        }
    }

    /// The dotted name of a function or class; nothing of anything else.
    pub fn global(&self, value: &Value) -> &str {
        match self.node(value) {
            Some(Node::Global(name)) => name,
            _ => "",
        }
    }
}
