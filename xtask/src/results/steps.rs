//! Which commands of dbt are run, one after the other in one folder.

/// The variable by which the project goes wrong.
pub(crate) const VARIABLE: &str = "FERRY";

/// One command of dbt.
pub(crate) struct Step {
    /// The name of what is kept of it.
    pub(crate) name: &'static str,
    /// What goes wrong: `broken` is a model that fails, `twice` a test of severity error that does, and
    /// `uncounted` one of severity warn.
    pub(crate) goes_wrong: &'static str,
    /// The arguments.
    pub(crate) dbt: &'static [&'static str],
    /// Whether dbt ends with success.
    pub(crate) succeeds: bool,
}

const fn step(name: &'static str, goes_wrong: &'static str, dbt: &'static [&'static str]) -> Step {
    Step {
        name,
        goes_wrong,
        dbt,
        succeeds: true,
    }
}

impl Step {
    const fn fails(self) -> Self {
        Self {
            succeeds: false,
            ..self
        }
    }
}

/// All commands.
pub(crate) static STEPS: [Step; 11] = [
    step("build", "", &["build"]),
    step("build-broken", "broken", &["build"]).fails(),
    step("retry", "", &["retry"]),
    step("build-twice", "twice", &["build"]).fails(),
    step("build-uncounted", "uncounted", &["build"]),
    step("build-selected", "", &["build", "--select", "harbours"]),
    step("run", "twice", &["run"]),
    step("test", "twice", &["test"]).fails(),
    step("compile", "", &["compile"]),
    step("build-empty", "", &["build", "--empty"]),
    step("build-fail-fast", "broken", &["build", "--fail-fast"]).fails(),
];

/// The command of this name.
pub(crate) fn named(name: &str) -> Result<&'static Step, String> {
    let mut steps = STEPS.iter();
    let found = steps.find(|step| step.name == name);
    found.ok_or_else(|| format!("not a command: {name}"))
}
