//! The program `autoexpose`. Everything is in the library.

fn main() -> autoexpose::cli::Exit {
    autoexpose::cli::main()
}
