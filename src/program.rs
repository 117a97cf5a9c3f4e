//! The program of a run: the shipped set and the paths of the command line as layers of sources.
//!
//! Knows no database. [`crate::pipeline`] compiles and plans it.

use std::path::PathBuf;

use gatewright_compiler::source::{SourceFile, Sources};
use globset::{GlobSet, GlobSetBuilder};

use crate::cli::ProgramArgs;
use crate::error::{CliError, Context as _};
use crate::files::{self, Finding, Layer, Reader};
use crate::shipped;

/// All layers as they were read.
#[derive(Debug, Default)]
pub(crate) struct Program {
    /// The files, lowest layer first.
    pub(crate) sources: Sources,
    /// What could not be read.
    pub(crate) findings: Vec<Finding>,
    /// By layer, the folder below which `!File` may read. The shipped set has none.
    pub(crate) roots: Vec<Option<PathBuf>>,
    /// Other folders below which it may (`--allow-files`).
    pub(crate) allowed: Vec<PathBuf>,
}

impl Program {
    /// Reads everything.
    pub(crate) fn load(args: &ProgramArgs, paths: &[PathBuf]) -> Result<Self, CliError> {
        args.levels.check()?;
        let include = include(args)?;
        let reader = Reader { max_file_size: args.max_file_size, include: &include };
        let mut program = Self { roots: vec![None], allowed: args.allow_files.clone(), ..Self::default() };
        if !args.no_shipped {
            shipped::files().into_iter().for_each(|file| program.add(file));
        }
        let mut layers: Vec<Layer> =
            paths.iter().zip(1_u32..).map(|(path, number)| reader.layer(path, number)).collect();
        files::once(&mut layers);
        program.findings = files::idle(&args.include, &layers);
        program.findings.extend(args.allow_files.iter().filter_map(|folder| files::not_a_folder(folder)));
        for (layer, path) in layers.into_iter().zip(paths) {
            layer.files.into_iter().for_each(|file| program.add(file));
            program.findings.extend(layer.findings);
            program.roots.push(Some(files::root(path)));
        }
        Ok(program)
    }

    fn add(&mut self, file: SourceFile) {
        self.sources.add(file);
    }
}

fn include(args: &ProgramArgs) -> Result<GlobSet, CliError> {
    let mut set = GlobSetBuilder::new();
    for glob in &args.include {
        set.add(glob.clone());
    }
    set.build().context("--include")
}
