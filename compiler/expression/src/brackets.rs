//! Brackets that are opened and never closed: the parser names the end of the text, people look for the beginning.

use ruff_python_ast::ModModule;
use ruff_python_ast::token::TokenKind;
use ruff_python_parser::Parsed;
use ruff_text_size::Ranged;

use crate::ProblemKind;
use crate::compile::{Finding, range_of};

/// The innermost bracket that is open where the text ends.
pub(crate) fn unclosed(text: &str, parsed: &Parsed<ModModule>) -> Option<Finding> {
    let mut open = Vec::new();
    for token in parsed.tokens() {
        match token.kind() {
            TokenKind::Lpar | TokenKind::Lsqb | TokenKind::Lbrace => open.push(token),
            TokenKind::Rpar | TokenKind::Rsqb | TokenKind::Rbrace => {
                let fits = open.pop().is_some_and(|opened| closing(opened.kind()) == token.kind());
                // Another kind of mistake, which the parser names well.
                if !fits {
                    return None;
                }
            }
            _ => {}
        }
    }
    let range = range_of(open.last()?.range());
    Some(Finding {
        kind: ProblemKind::Syntax,
        message: format!("`{}` is never closed", text.get(range.clone())?),
        help: None,
        range,
    })
}

fn closing(opening: TokenKind) -> TokenKind {
    match opening {
        TokenKind::Lpar => TokenKind::Rpar,
        TokenKind::Lsqb => TokenKind::Rsqb,
        _ => TokenKind::Rbrace,
    }
}
