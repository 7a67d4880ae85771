//! What a bundle says of itself, as the page shows it.

use bmrl::{Generator, Kind, ModelInfo, Reliability, Tracer};
use serde::Serialize;

use crate::device::Backend;

#[derive(Serialize)]
pub struct About {
    model: ModelInfo,
    card: String,
    training: String,
    generators: Vec<Known>,
    forgeries: Vec<String>,
    families: Vec<String>,
    reliability: Vec<Reliability>,
}

#[derive(Serialize)]
struct Known {
    name: String,
    forgery: String,
    family: String,
    /// From a few pictures, after training.
    enrolled: bool,
}

impl About {
    pub fn of(tracer: &Tracer<Backend>) -> Self {
        let manifest = tracer.manifest();
        let taxonomy = &manifest.taxonomy;
        let known = |enrolled| {
            move |Generator { name, forgery, family, .. }: &Generator| Known {
                name: name.clone(),
                forgery: forgery.clone(),
                family: family.clone(),
                enrolled,
            }
        };
        let trained = taxonomy.generators.iter().chain(&taxonomy.added).map(known(false));
        let names = |kinds: &[Kind]| kinds.iter().map(|kind| kind.name.clone()).collect();
        Self {
            model: tracer.model().clone(),
            card: manifest.card.clone(),
            training: manifest.training.summary.clone(),
            generators: trained.chain(taxonomy.enrolled.iter().map(known(true))).collect(),
            forgeries: names(&taxonomy.forgeries),
            families: names(&taxonomy.families),
            reliability: manifest.reliability.clone(),
        }
    }
}
