//! A file server for one folder, for this machine only.

use crate::finish::page;
use anyhow::{Result, anyhow};
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::UNIX_EPOCH;
use tiny_http::{Header, Method, Request, Response, Server, StatusCode};

/// More than the connections that a browser opens to one host.
const THREADS: usize = 8;

/// Sent with every answer; `docs/hosting.md` says what each is for. The page's own policy is sent too: in a header it
/// holds for workers, and can forbid frames.
const HEADERS: [(&str, &str); 7] = [
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Embedder-Policy", "require-corp"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    (
        "Permissions-Policy",
        "camera=(self), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    ),
    // Kept, but asked for each time: a rebuilt page shows at once.
    ("Cache-Control", "no-cache"),
];

/// Listens on the loopback address; port 0 takes any free one.
///
/// # Errors
/// When the port is taken.
pub fn listen(port: u16) -> Result<Server> {
    Server::http(("127.0.0.1", port)).map_err(|error| anyhow!("cannot listen on port {port}: {error}"))
}

/// Where a browser finds `server`.
pub fn address(server: &Server) -> String {
    format!("http://{}/", server.server_addr())
}

/// Answers from the files of `folder` until the process ends or [`Server::unblock`] wakes every thread.
pub fn serve(server: &Server, folder: &Path) {
    let site = Site { folder, policy: policy_header(folder) };
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                while let Ok(request) = server.recv() {
                    // A browser that hangs up in the middle is no error.
                    let _ = site.answer(request);
                }
            });
        }
    });
}

/// Ends [`serve`] on another thread.
pub fn stop(server: &Server) {
    (0..THREADS).for_each(|_| server.unblock());
}

struct Site<'a> {
    folder: &'a Path,
    policy: Option<String>,
}

impl Site<'_> {
    fn answer(&self, request: Request) -> io::Result<()> {
        if !matches!(request.method(), Method::Get | Method::Head) {
            return self.empty(request, 405);
        }
        let Some(path) = below(self.folder, request.url()) else {
            return self.empty(request, 404);
        };
        let (Ok(file), Ok(metadata)) = (File::open(&path), fs::metadata(&path)) else {
            return self.empty(request, 404);
        };
        if !metadata.is_file() {
            return self.empty(request, 404);
        }
        let changed = metadata.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos();
        let tag = format!("\"{:x}-{changed:x}\"", metadata.len());
        let known =
            request.headers().iter().any(|header| header.field.equiv("If-None-Match") && header.value == tag);
        if known {
            return self.empty(request, 304);
        }
        let response = Response::from_file(file)
            // Never in chunks: a download without a length has no progress bar.
            .with_chunked_threshold(usize::MAX)
            .with_header(header("Content-Type", media_type(&path)))
            .with_header(header("ETag", &tag));
        request.respond(self.with_headers(response))
    }

    fn empty(&self, request: Request, status: u16) -> io::Result<()> {
        request.respond(self.with_headers(Response::empty(StatusCode(status))))
    }

    fn with_headers<R: io::Read>(&self, response: Response<R>) -> Response<R> {
        let policy = self.policy.as_deref().map(|policy| ("Content-Security-Policy", policy));
        HEADERS
            .into_iter()
            .chain(policy)
            .fold(response, |response, (name, value)| response.with_header(header(name, value)))
    }
}

/// The policy that the page in `folder` sets for itself, and no frames round it, which only a header can forbid.
fn policy_header(folder: &Path) -> Option<String> {
    let html = fs::read_to_string(folder.join("index.html")).ok()?;
    Some(format!("{}; frame-ancestors 'none'", page::policy(&html)?)).filter(|policy| policy.is_ascii())
}

fn header(name: &str, value: &str) -> Header {
    // Only text that is not ASCII is refused, and there is none.
    Header::from_bytes(name, value).unwrap_or_else(|()| unreachable!("{name}: {value} is ASCII"))
}

/// The file that `url` names below `folder`; `None` when it would lead out of it.
fn below(folder: &Path, url: &str) -> Option<PathBuf> {
    let path = url.split(['?', '#']).next()?.strip_prefix('/')?;
    let path = if path.is_empty() { "index.html" } else { path };
    let plain =
        path.split('/').all(|part| !part.is_empty() && !part.starts_with('.') && !part.contains('\\'));
    plain.then(|| folder.join(path))
}

fn media_type(path: &Path) -> &'static str {
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("json") => "application/json",
        Some("webmanifest") => "application/manifest+json",
        // Without this one the browser refuses to compile while it downloads.
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("jpg" | "jpeg") => "image/jpeg",
        Some("webp") => "image/webp",
        Some("txt" | "md") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Read, Write};
    use std::net::TcpStream;

    #[test]
    fn urls_stay_below_the_folder() {
        let file = |url| below(Path::new("/dist"), url);
        assert_eq!(file("/"), Some("/dist/index.html".into()));
        assert_eq!(file("/www/tracer.js?x=1"), Some("/dist/www/tracer.js".into()));
        for outside in
            ["/../Cargo.toml", "/www/../../secret", "//etc/passwd", "/.built-from", "etc", "/a\\..\\b"]
        {
            assert_eq!(file(outside), None, "{outside}");
        }
    }

    #[test]
    fn the_policy_of_the_page_is_sent_as_a_header() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(policy_header(folder.path()), None);
        let html = "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'\">";
        fs::write(folder.path().join("index.html"), html).unwrap();
        let policy = policy_header(folder.path()).unwrap();
        assert_eq!(policy, "default-src 'none'; frame-ancestors 'none'");
    }

    #[test]
    fn files_come_with_their_type_and_are_not_sent_twice() {
        let folder = env!("CARGO_MANIFEST_DIR");
        let server = listen(0).unwrap();
        let ask = |head: &str| {
            let mut stream = TcpStream::connect(server.server_addr().to_ip().unwrap()).unwrap();
            write!(stream, "{head}\r\nHost: here\r\nConnection: close\r\n\r\n").unwrap();
            let mut text = String::new();
            stream.read_to_string(&mut text).unwrap();
            text
        };
        thread::scope(|scope| {
            scope.spawn(|| serve(&server, Path::new(folder)));
            let first = ask("GET /npm/package.json HTTP/1.1");
            assert!(first.starts_with("HTTP/1.1 200"), "{first}");
            assert!(first.contains("Content-Type: application/json"), "{first}");
            assert!(first.contains("Cross-Origin-Opener-Policy: same-origin"), "{first}");
            assert!(first.contains("binaryen"), "{first}");
            assert!(ask("GET /src/serve/files.rs HTTP/1.1").contains("Content-Length: "));
            let tag = first.lines().find_map(|line| line.strip_prefix("ETag: ")).unwrap().to_owned();
            let again = ask(&format!("GET /npm/package.json HTTP/1.1\r\nIf-None-Match: {tag}"));
            assert!(again.starts_with("HTTP/1.1 304"), "{again}");
            assert!(ask("GET /npm/missing.json HTTP/1.1").starts_with("HTTP/1.1 404"));
            assert!(ask("GET /npm HTTP/1.1").starts_with("HTTP/1.1 404"));
            assert!(ask("POST /npm/package.json HTTP/1.1").starts_with("HTTP/1.1 405"));
            stop(&server);
        });
    }
}
