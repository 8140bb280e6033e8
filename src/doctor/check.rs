//! The table of checks.

/// What checks look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// The server, asked now.
    Tableau,
    /// An export that was saved before.
    Export,
    /// The dbt project.
    Project,
}

impl Part {
    /// All of them, in the order of the page.
    pub const ALL: [Self; 3] = [Self::Tableau, Self::Export, Self::Project];

    /// The name that scripts see.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Tableau => "tableau",
            Self::Export => "export",
            Self::Project => "project",
        }
    }

    /// Its heading.
    pub fn heading(self) -> &'static str {
        match self {
            Self::Tableau => "Tableau",
            Self::Export => "The export",
            Self::Project => "The dbt project",
        }
    }
}

macro_rules! checks {
    ($($variant:ident = $part:ident $name:literal: $asks:literal;)*) => {
        /// The checks, in the order of the page.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Check { $(#[doc = $asks] $variant,)* }

        impl Check {
            /// Every check, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The name that people and scripts see.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// What is asked.
            pub fn asks(self) -> &'static str {
                match self { $(Self::$variant => $asks,)* }
            }

            /// What it looks at.
            pub fn part(self) -> Part {
                match self { $(Self::$variant => Part::$part,)* }
            }
        }
    };
}

checks! {
    Proxy = Tableau "proxy": "Does a proxy stand between this machine and the server?";
    Server = Tableau "server": "Does a Tableau server answer at this address?";
    Certificates = Tableau "certificates": "Is the connection encrypted, and is the certificate trusted?";
    Version = Tableau "version": "Is this Tableau new enough?";
    SignIn = Tableau "sign-in": "Does Tableau accept the token on this site?";
    Role = Tableau "role": "What does the role of the user let it see?";
    Catalog = Tableau "catalog": "Is Tableau Catalog on for the site?";
    Derived = Tableau "derived-permissions": "Do owners see the tables that their content reads?";
    Lineage = Tableau "sensitive-lineage": "Does lineage show that something hidden is there?";
    Metadata = Tableau "metadata-api": "Does the Metadata API answer?";
    Backfill = Tableau "backfill": "Has Tableau built its metadata store?";
    Counts = Tableau "counts": "Do both of Tableau's APIs list the same?";
    Names = Tableau "hidden-names": "Does Tableau show the names of tables?";
    Limits = Tableau "limits": "Does a page of workbooks stay within Tableau's limits?";
    Export = Export "export": "Does the export list every workbook?";
    Sections = Export "export-lineage": "Does it show everything that workbooks read?";
    Capture = Export "export-capture": "When was it made, and by whom?";
    ExportNames = Export "export-names": "Does it show the names of tables?";
    Warnings = Export "export-warnings": "Is there anything odd in it?";
    Config = Project "config": "Can the configuration be read?";
    Manifest = Project "manifest": "Can the manifest be read, and which dbt wrote it?";
    Target = Project "target": "Is the manifest of the target that Tableau reads?";
    MatchRate = Project "match-rate": "How many of the tables that workbooks read are linked?";
}
