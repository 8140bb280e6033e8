//! The rules by which somebody may do something, in one table.
//!
//! Sources: Tableau's help, "Effective permissions", "Permissions, Site Roles, and Licenses", "Manage
//! Permissions with Projects", "Lock content permissions", "Personal Space", "Manage Permissions for
//! External Assets", and the REST API's reference. Where they say nothing or differ, the reading that
//! shows less is taken, and [`Rule::text`] says it.

/// Makes the rules: name, sentence, and the page that has it.
macro_rules! rules {
    ($($variant:ident = $key:literal, $text:literal, $page:ident;)*) => {
        /// A rule by which somebody may do something, or may not.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Rule { $(#[doc = $text] $variant,)* }

        impl Rule {
            /// Every rule.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// Its stable name, for scripts.
            pub fn key(self) -> &'static str {
                match self { $(Self::$variant => $key,)* }
            }

            /// What it says, in one sentence without a full stop.
            pub fn text(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }

            /// The page that has it; empty if it is our own.
            pub fn source(self) -> &'static str {
                match self { $(Self::$variant => $page,)* }
            }
        }
    };
}

const OURS: &str = "";
const EFFECTIVE: &str = "https://help.tableau.com/current/online/en-us/permission_effective.htm";
const ROLES: &str = "https://help.tableau.com/current/server/en-us/permission_license_siterole.htm";
const REST_PERMISSIONS: &str =
    "https://help.tableau.com/current/api/rest_api/en-us/REST/rest_api_concepts_permissions.htm";
const REST_WORKBOOKS: &str =
    "https://help.tableau.com/current/api/rest_api/en-us/REST/rest_api_ref_workbooks_and_views.htm";
const AUTHORIZATION: &str = "https://help.tableau.com/current/server/en-us/security_authorize.htm";
const PERSONAL: &str = "https://help.tableau.com/current/pro/desktop/en-us/personal_space.htm";
const EXTERNAL: &str = "https://help.tableau.com/current/online/en-us/dm_perms_assets.htm";

rules! {
    Nobody = "nobody", "nobody sees anything of Tableau", OURS;
    EveryMember = "every-member", "every member must be allowed, and members may be denied what their group is allowed", OURS;
    Evidence = "tableau-answer", "Tableau itself lists the workbooks that a user may see", REST_WORKBOOKS;
    Stricter = "stricter", "where Tableau's list and the rules disagree, the denial counts", OURS;
    Licence = "licence", "who is unlicensed cannot sign in, and sees nothing", ROLES;
    SiteRole = "site-role", "nobody may do more than the site role permits", ROLES;
    Administrator = "administrator", "administrators may do everything", EFFECTIVE;
    PersonalSpace = "personal-space", "what is in a personal space is for its owner and administrators", PERSONAL;
    ProjectLeader = "project-leader", "leaders of the project, or of one above, may do what their site role permits", REST_PERMISSIONS;
    ProjectOwner = "project-owner", "the owner of the project, or of one above, may do what the site role permits", REST_PERMISSIONS;
    Lock = "lock", "in a locked project only administrators, leaders and project owners set permissions", EFFECTIVE;
    ContentOwner = "content-owner", "the owner may do what the site role permits", EFFECTIVE;
    UserRule = "user-rule", "a rule for the user comes before those for groups", EFFECTIVE;
    GroupRule = "group-rule", "a denial for one group or group set of the user comes before what others allow", EFFECTIVE;
    Tabs = "tabs", "views that are tabs have the permissions of their workbook", AUTHORIZATION;
    DataManagement = "data-management", "changes of external assets need Data Management", EXTERNAL;
    EmbeddedFile = "embedded-file", "an embedded file is for those who may view what embeds it", EXTERNAL;
    DerivedOwner = "derived-owner", "the owner of content may view the databases and tables that it uses directly", EXTERNAL;
    DerivedProject = "derived-project", "owners and leaders of a project may view the databases and tables that its content uses", EXTERNAL;
    FlowOwner = "flow-owner", "the owner of a flow that ran may change the databases and tables that it writes", EXTERNAL;
    NoRule = "no-rule", "what nothing allows is denied", EFFECTIVE;
}
