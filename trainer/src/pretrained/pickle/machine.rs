//! The stack machine whose program a pickle is.

use std::collections::HashMap;

use anyhow::{Context, Result, bail};

use super::{Node, Scan, Value};

const ABSENT: &str = "it uses what is not there";

pub struct Machine<'a, 'b> {
    scan: &'a mut Scan<'b>,
    nodes: Vec<Node>,
    stack: Vec<Value>,
    /// Heights of the stack at its marks.
    marks: Vec<usize>,
    memo: HashMap<usize, Value>,
}

impl<'a, 'b> Machine<'a, 'b> {
    pub fn new(scan: &'a mut Scan<'b>) -> Self {
        Self { scan, nodes: vec![], stack: vec![], marks: vec![], memo: HashMap::new() }
    }

    /// Everything with parts, and what was pickled.
    pub fn run(mut self) -> Result<(Vec<Node>, Value)> {
        loop {
            let code = self.scan.byte()?;
            if code == b'.' {
                let root = self.pop()?;
                return Ok((self.nodes, root));
            }
            self.step(code)?;
        }
    }

    fn step(&mut self, code: u8) -> Result<()> {
        match code {
            // Protocol and frame.
            0x80 => drop(self.scan.take(1)?),
            0x95 => drop(self.scan.take(8)?),
            b'(' => self.marks.push(self.stack.len()),
            b'0' => drop(self.pop()?),
            b'N' | 0x88 | 0x89 => self.stack.push(Value::Other),
            b'J' => self.signed(4)?,
            b'K' => self.unsigned(1)?,
            b'M' => self.unsigned(2)?,
            0x8a => {
                let bytes = self.scan.length(1)?;
                self.signed(bytes)?;
            }
            b'G' => self.skip(8)?,
            b'C' => self.skip_counted(1)?,
            b'B' => self.skip_counted(4)?,
            0x8e => self.skip_counted(8)?,
            b'U' | 0x8c => self.text(1)?,
            b'T' | b'X' => self.text(4)?,
            0x8d => self.text(8)?,
            b')' | b']' | 0x8f => self.push(Node::Sequence(vec![])),
            b't' | b'l' | 0x91 => {
                let members = self.pop_mark()?;
                self.push(Node::Sequence(members));
            }
            0x85..=0x87 => {
                let from = self.stack.len().checked_sub(usize::from(code - 0x84)).context(ABSENT)?;
                let members = self.stack.split_off(from);
                self.push(Node::Sequence(members));
            }
            b'a' => {
                let member = self.pop()?;
                self.extend(vec![member])?;
            }
            b'e' | 0x90 => {
                let members = self.pop_mark()?;
                self.extend(members)?;
            }
            b'}' => self.dictionary(vec![]),
            b'd' => {
                let items = self.pop_mark()?;
                self.dictionary(items);
            }
            b's' => {
                let (value, key) = (self.pop()?, self.pop()?);
                self.items()?.push((Some(key), value));
            }
            b'u' => {
                let items = self.pop_mark()?;
                self.items()?.extend(pairs(items));
            }
            b'b' => {
                let state = self.pop()?;
                self.items()?.push((None, state));
            }
            b'c' => {
                let name = format!("{}.{}", self.scan.line()?, self.scan.line()?);
                self.push(Node::Global(name));
            }
            0x93 => match (self.pop()?, self.pop()?) {
                (Value::Text(name), Value::Text(module)) => {
                    self.push(Node::Global(format!("{module}.{name}")));
                }
                _ => bail!("it names a class by what is no text"),
            },
            b'R' | 0x81 => {
                let (arguments, function) = (self.pop()?, Some(self.pop()?));
                self.push(Node::Object { function, arguments, items: vec![] });
            }
            b'Q' => {
                let reference = self.pop()?;
                self.push(Node::Persistent(reference));
            }
            b'q' => self.remember(1)?,
            b'r' => self.remember(4)?,
            0x94 => self.remember(0)?,
            b'h' => self.recall(1)?,
            b'j' => self.recall(4)?,
            code => bail!("its opcode {code:#04x} has no place in a state dict"),
        }
        Ok(())
    }

    fn signed(&mut self, bytes: usize) -> Result<()> {
        let number = self.scan.signed(bytes)?.map_or(Value::Other, Value::Integer);
        self.stack.push(number);
        Ok(())
    }

    fn unsigned(&mut self, bytes: usize) -> Result<()> {
        let number = self.scan.length(bytes)?;
        self.stack.push(Value::Integer(number as i64));
        Ok(())
    }

    fn text(&mut self, bytes: usize) -> Result<()> {
        let text = self.scan.text(bytes)?;
        self.stack.push(Value::Text(text));
        Ok(())
    }

    fn skip(&mut self, bytes: usize) -> Result<()> {
        self.scan.take(bytes)?;
        self.stack.push(Value::Other);
        Ok(())
    }

    fn skip_counted(&mut self, bytes: usize) -> Result<()> {
        let length = self.scan.length(bytes)?;
        self.skip(length)
    }

    /// Keeps the top of the stack under a number of so many bytes, or the next one.
    fn remember(&mut self, bytes: usize) -> Result<()> {
        let index = if bytes == 0 { self.memo.len() } else { self.scan.length(bytes)? };
        self.memo.insert(index, self.stack.last().context(ABSENT)?.clone());
        Ok(())
    }

    fn recall(&mut self, bytes: usize) -> Result<()> {
        let index = self.scan.length(bytes)?;
        self.stack.push(self.memo.get(&index).context(ABSENT)?.clone());
        Ok(())
    }

    fn push(&mut self, node: Node) {
        self.stack.push(Value::Node(self.nodes.len()));
        self.nodes.push(node);
    }

    fn dictionary(&mut self, members: Vec<Value>) {
        self.push(Node::Object { function: None, arguments: Value::Other, items: pairs(members) });
    }

    fn pop(&mut self) -> Result<Value> {
        self.stack.pop().context(ABSENT)
    }

    /// What was pushed since the last mark.
    fn pop_mark(&mut self) -> Result<Vec<Value>> {
        let mark = self.marks.pop().filter(|&mark| mark <= self.stack.len()).context(ABSENT)?;
        Ok(self.stack.split_off(mark))
    }

    fn top(&mut self) -> Result<&mut Node> {
        match self.stack.last() {
            Some(Value::Node(index)) => self.nodes.get_mut(*index).context(ABSENT),
            _ => bail!(ABSENT),
        }
    }

    fn extend(&mut self, more: Vec<Value>) -> Result<()> {
        // An object that is filled like a list holds no tensor that has a name.
        if let Node::Sequence(members) = self.top()? {
            members.extend(more);
        }
        Ok(())
    }

    fn items(&mut self) -> Result<&mut Vec<(Option<Value>, Value)>> {
        match self.top()? {
            Node::Object { items, .. } => Ok(items),
            _ => bail!("it gives items to what has none"),
        }
    }
}

/// Keys and values by turns.
fn pairs(members: Vec<Value>) -> Vec<(Option<Value>, Value)> {
    members.chunks_exact(2).map(|pair| (Some(pair[0].clone()), pair[1].clone())).collect()
}
