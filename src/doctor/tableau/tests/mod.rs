//! Each known answer of Tableau, from the call to the finding, without a socket.

mod contents;
mod reach;
mod site;
