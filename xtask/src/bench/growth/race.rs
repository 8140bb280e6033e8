//! Runs of one kind of input in sizes that double, and how their cost grows.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use super::super::measure::{Cost, measure};
use super::inputs::{Inputs, written};
use super::kinds::Kind;
use crate::failure::Result;

/// An exponent above this fails: 1 is linear, and the rest is for sorting and for noise.
const MOST: f64 = 1.2;
/// What an empty run may differ from another one, in milliseconds and in MB.
const NOISE: [f64; 2] = [15.0, 6.0];
/// Sizes double until a run costs as much as this, in milliseconds and in MB …
const ENOUGH: [f64; 2] = [700.0, 700.0];
/// … or until the input has as many bytes.
const MOST_BYTES: u64 = 52_000_000;
/// How often the size doubles in what an exponent is taken of.
const DOUBLINGS: usize = 2;
/// How often each size runs once more where an exponent looks too high.
const RUNS_IN_DOUBT: usize = 2;

/// Where the program and its inputs are.
pub(super) struct Track {
    pub(super) program: PathBuf,
    pub(super) folder: PathBuf,
}

/// One size of a kind.
struct Point {
    number: usize,
    bytes: u64,
    /// One for each format.
    costs: Vec<(&'static str, Spent)>,
}

/// The least that several runs of one size cost.
#[derive(Clone, Copy)]
struct Spent {
    /// Milliseconds of CPU, and MB of memory.
    cost: [f64; 2],
    /// All bytes that were printed or written, but for the manifest's own.
    output: u64,
}

impl Spent {
    const NOTHING_YET: Self = Self {
        cost: [f64::INFINITY; 2],
        output: 0,
    };

    fn add(&mut self, cost: Cost, output: u64) {
        self.cost[0] = self.cost[0].min(cost.cpu_ms);
        self.cost[1] = self.cost[1].min(cost.peak_mb);
        self.output = output;
    }
}

/// How one kind grew.
pub(super) struct Growth {
    pub(super) name: &'static str,
    pub(super) is_too_fast: bool,
    pub(super) line: String,
}

/// The head of the table whose lines [`Growth`] has.
pub(super) fn head() -> String {
    format!(
        "{:36} {:>8} {:>7}  {:>5} {:>8}  {:>6} {:>8}  {:>6} {:>8}",
        "exponents of the input's size", "n", "MB", "cpu", "ms", "memory", "MB", "output", "MB"
    )
}

impl Track {
    /// Runs inputs of a kind until they are large enough to tell.
    pub(super) fn run(&self, kind: &Kind) -> Result<Growth> {
        let base = self.point(kind, 1)?;
        let mut points = Vec::new();
        let mut number = kind.first;
        loop {
            let point = self.point(kind, number)?;
            let is_enough = point.bytes >= MOST_BYTES
                || point.costs.iter().any(|(_, spent)| {
                    let [cpu, memory] = spent.cost;
                    cpu >= ENOUGH[0] || memory >= ENOUGH[1]
                });
            points.push(point);
            if is_enough && points.len() > DOUBLINGS {
                break;
            }
            number *= 2;
        }
        let mut last = points.split_off(points.len() - DOUBLINGS - 1);
        if worst(&base, &last).is_too_fast() {
            for point in [0, DOUBLINGS] {
                let size = &mut last[point];
                let (_, arguments) = self.prepare(&(kind.make)(size.number))?;
                self.runs(&arguments, &mut size.costs, RUNS_IN_DOUBT)?;
            }
        }
        let _ = fs::remove_dir_all(&self.folder);
        let worst = worst(&base, &last);
        Ok(Growth {
            name: kind.name,
            is_too_fast: worst.is_too_fast(),
            line: worst.line(kind.name, &last[DOUBLINGS]),
        })
    }

    fn point(&self, kind: &Kind, number: usize) -> Result<Point> {
        let inputs = (kind.make)(number);
        let (bytes, arguments) = self.prepare(&inputs)?;
        let formats = inputs.formats.iter();
        let mut costs = formats
            .map(|format| (*format, Spent::NOTHING_YET))
            .collect::<Vec<_>>();
        self.runs(&arguments, &mut costs, 1)?;
        Ok(Point {
            number,
            bytes,
            costs,
        })
    }

    /// Writes the input. Gives its size, and the arguments of a run.
    fn prepare(&self, inputs: &Inputs) -> Result<(u64, Vec<String>)> {
        let arguments = inputs.write(&self.folder)?;
        let mut bytes = inputs.len() as u64;
        if inputs.is_second_day {
            let manifest = self.folder.join("manifest.json");
            bytes -= size(&manifest);
            let mut command = vec![self.program.display().to_string(), "patch".to_owned()];
            command.extend(arguments.iter().cloned());
            measure(&command, &self.folder)?;
            bytes += size(&manifest);
            inputs.write_again(&self.folder)?;
        }
        Ok((bytes, arguments))
    }

    fn runs(
        &self,
        arguments: &[String],
        costs: &mut [(&'static str, Spent)],
        runs: usize,
    ) -> Result<()> {
        for (format, spent) in costs {
            let target = written(&self.folder);
            let program = self.program.display().to_string();
            let mut command = vec![program, "patch".to_owned()];
            command.extend(arguments.iter().cloned());
            command.extend(["--output".to_owned(), target.display().to_string()]);
            command.extend(["--format", *format].map(str::to_owned));
            for _ in 0..runs {
                let cost = measure(&command, &self.folder)?;
                let grown = size(&target).saturating_sub(size(&self.folder.join("manifest.json")));
                spent.add(cost, cost.output_bytes + grown);
            }
        }
        Ok(())
    }
}

/// The size of a file; nothing, if it is not there.
fn size(path: &Path) -> u64 {
    fs::metadata(path).map_or(0, |data| data.len())
}

/// The highest exponents of all formats, and which format has each.
struct Worst {
    cpu: Exponent,
    memory: Exponent,
    output: Exponent,
}

#[derive(Clone, Copy)]
struct Exponent {
    /// `None` if the cost is not more than noise.
    value: Option<f64>,
    format: &'static str,
    /// What the largest input cost, without the empty run.
    cost: f64,
}

fn worst(base: &Point, points: &[Point]) -> Worst {
    let of = |noise: f64, cost: fn(&Spent) -> f64| {
        let exponents = base.costs.iter().enumerate().map(|(at, (format, least))| {
            let spent = |point: &Point| cost(&point.costs[at].1) - cost(least);
            exponent(points, noise, format, spent)
        });
        exponents.fold(None, |worst: Option<Exponent>, one| match worst {
            Some(worst) if worst.value.is_some() && worst.value >= one.value => Some(worst),
            _ => Some(one),
        })
    };
    let nothing = Exponent {
        value: None,
        format: "",
        cost: 0.0,
    };
    Worst {
        cpu: of(NOISE[0], |spent| spent.cost[0]).unwrap_or(nothing),
        memory: of(NOISE[1], |spent| spent.cost[1]).unwrap_or(nothing),
        output: of(0.05, |spent| spent.output as f64 / 1e6).unwrap_or(nothing),
    }
}

/// The exponent from the first to the last of these points. What is less than noise counts as
/// noise, so that the exponent is rather too low than too high.
fn exponent(
    points: &[Point],
    noise: f64,
    format: &'static str,
    spent: impl Fn(&Point) -> f64,
) -> Exponent {
    let (Some(small), Some(large)) = (points.first(), points.last()) else {
        return Exponent {
            value: None,
            format,
            cost: 0.0,
        };
    };
    let cost = spent(large);
    let growth = (cost / spent(small).max(noise)).ln();
    let steps = (large.bytes as f64 / small.bytes as f64).ln();
    Exponent {
        value: (cost > noise).then_some(growth / steps),
        format,
        cost,
    }
}

impl Worst {
    fn all(&self) -> [Exponent; 3] {
        [self.cpu, self.memory, self.output]
    }

    fn is_too_fast(&self) -> bool {
        self.all()
            .iter()
            .any(|exponent| exponent.value.is_some_and(|value| value > MOST))
    }

    fn line(&self, name: &str, largest: &Point) -> String {
        let megabytes = largest.bytes as f64 / 1e6;
        let mut line = format!("{name:36} {:8} {megabytes:7.1}", largest.number);
        for (exponent, width) in self.all().into_iter().zip([5, 6, 6]) {
            let value = exponent
                .value
                .map_or_else(|| "-".to_owned(), |value| format!("{value:.2}"));
            // Writing to a String does not fail.
            let _ = write!(line, "  {value:>width$} {:8.1}", exponent.cost.max(0.0));
        }
        for (what, exponent) in ["cpu", "memory", "output"].into_iter().zip(self.all()) {
            if exponent.value.is_some_and(|value| value > MOST) {
                let _ = write!(line, "  {what} grows too fast ({})", exponent.format);
            }
        }
        line
    }
}
