//! The passes of the compiler on a generated blueprint, for whoever changes one: `cargo bench -p gatewright-compiler --bench compile`.
//!
//! The promises themselves are held by `ratios.rs` and `memory.rs`.

mod support;

use divan::Bencher;
use divan::counter::{BytesCount, ItemsCount};

fn main() {
    divan::main();
}

#[divan::bench(args = [1_000, 10_000])]
fn events(bencher: Bencher<'_, '_>, entries: usize) {
    let text = support::blueprint(entries);
    bencher.counter(BytesCount::of_str(&text)).bench(|| support::events(&text));
}

#[divan::bench(args = [1_000, 10_000])]
fn compile(bencher: Bencher<'_, '_>, entries: usize) {
    let sources = support::sources(support::blueprint(entries));
    let bytes: usize = sources.iter().map(|(_, file)| file.text.len()).sum();
    bencher.counter(BytesCount::new(bytes)).bench(|| support::compile(&sources));
}

#[divan::bench(args = [100], sample_count = 20)]
fn expressions(bencher: Bencher<'_, '_>, texts: usize) {
    // What compiled once is kept by its text, so every sample has texts of its own.
    let mut next = 0;
    bencher
        .counter(ItemsCount::new(texts))
        .with_inputs(|| {
            next += texts;
            support::sources(support::policies(&support::expressions(next - texts..next)))
        })
        .bench_local_refs(|sources| support::compile(sources));
}
