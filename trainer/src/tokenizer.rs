//! Prompts to CLIP's tokens.

use anyhow::{Result, ensure};
use bmrl::{Taxonomy, model::TokenChain};
use instant_clip_tokenizer::{Token, Tokenizer};

/// The prompt chains of a taxonomy as tokens, each prompt filled up with zeros to `context` tokens.
///
/// # Errors
/// When a prompt is longer than that, its start and end included.
pub fn token_chains(taxonomy: &Taxonomy, context: usize) -> Result<Vec<TokenChain>> {
    // Making a tokenizer reads its whole vocabulary: once per call, which is once per run.
    let tokenizer = Tokenizer::new();
    taxonomy.chains().iter().map(|prompts| token_chain(&tokenizer, prompts, context)).collect()
}

fn token_chain(tokenizer: &Tokenizer, prompts: &[String], context: usize) -> Result<TokenChain> {
    let mut ids = Vec::with_capacity(prompts.len() * context);
    let mut end = 0;
    for prompt in prompts {
        let mut tokens = vec![tokenizer.start_of_text()];
        tokenizer.encode(&prompt.to_lowercase(), &mut tokens);
        tokens.push(tokenizer.end_of_text());
        let count = tokens.len();
        ensure!(
            count <= context,
            "the prompt {prompt:?} has {count} tokens, more than the {context} of language.context"
        );
        end = ids.len() + count - 1;
        ids.extend(tokens.into_iter().map(Token::to_u16).map(u32::from));
        ids.resize(ids.len() + context - count, 0);
    }
    Ok(TokenChain { ids, end })
}

#[cfg(test)]
mod tests {
    use super::*;
    use bmrl::Generator;

    fn taxonomy(name: &str) -> Taxonomy {
        Taxonomy::new(vec![Generator::new(name, "FS", "GAN")])
    }

    #[test]
    fn prompts_are_clip_tokens_with_start_end_and_padding() {
        let chains = token_chains(&taxonomy("SimSwap"), 32).unwrap();
        assert_eq!(chains[0].ids.len(), 4 * 32);
        // "a photo of a real face", as CLIP's own tokenizer numbers it, four times.
        let real = [49406, 320, 1125, 539, 320, 1532, 1710, 49407, 0];
        for level in 0..4 {
            assert_eq!(chains[0].ids[32 * level..][..9], real);
        }
        assert_eq!(chains[0].end, 3 * 32 + 7);
        assert_eq!(chains[1].ids[chains[1].end], 49407);
        assert!(chains[1].end > 3 * 32 + 9, "the generator's prompt is longer");
    }

    #[test]
    fn a_prompt_that_is_too_long_is_named() {
        let error = token_chains(&taxonomy("SimSwap"), 8).unwrap_err().to_string();
        assert!(error.contains("identity swapped") && error.contains("language.context"), "{error}");
    }
}
