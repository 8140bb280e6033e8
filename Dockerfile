# An image with the program alone. Unproven: no image could be built where this was written.
#
#   docker build --tag autoexpose .
#   docker run --rm --user "$(id -u):$(id -g)" --volume "$PWD:/work" autoexpose diff --tableau exports
FROM rust:1-slim-bookworm AS build
WORKDIR /source
COPY . .
RUN cargo build --locked --release

FROM debian:bookworm-slim
COPY --from=build /source/target/release/autoexpose /usr/local/bin/autoexpose
USER nobody
WORKDIR /work
ENTRYPOINT ["autoexpose"]
