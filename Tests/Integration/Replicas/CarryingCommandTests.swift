import Foundation
import TestSupport
import Testing

/// `collect --from-release`, from the command line to the files.
///
/// Goal: a site that serves the previous release is enough to carry it over, whatever server it
/// uses; an unreachable site ends the run with a line, unless it is optional.
@Suite struct CarryingCommandTests {
  private let source = TemporaryDirectory()
  private let first = TemporaryDirectory()
  private let second = TemporaryDirectory()

  private func collect(_ root: TemporaryDirectory, _ word: String, _ more: String...)
    -> CommandResult
  {
    source.write(String(repeating: "\(word) {}\n", count: 80), to: "css/a b.css")
    source.write(String(repeating: "é", count: 90_000) + word, to: "js/größe.js")
    return Command.run(
      [Command.staticd, "collect", source.path, "--root", root.path, "--no-cache"] + more
    )
  }

  private func hashed(_ root: TemporaryDirectory) -> [String] {
    root.files().filter { name in
      name.split(separator: ".").contains { $0.count == 12 && $0.allSatisfy(\.isHexDigit) }
    }.sorted()
  }

  @Test("from a server with --share-manifests, with names that are encoded in URLs")
  func shared() throws {
    #expect(collect(first, "one").status == 0)
    let before = hashed(first)
    #expect(before.count == 6)
    let server = RunningServer("--root", first.path, "--share-manifests")
    let url = "http://127.0.0.1:\(server.port)/static/"
    let result = collect(second, "two", "--from-release", url, "--report", second.path + ".json")
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.output.contains("Carried over 2 files of earlier releases."))
    for name in before { #expect(second.read(name) == first.read(name), "\(name)") }
    #expect(hashed(second).count == 12)
    let data = try Data(contentsOf: URL(fileURLWithPath: second.path + ".json"))
    try FileManager.default.removeItem(atPath: second.path + ".json")
    let json = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    #expect((json["carried"] as? [String])?.count == 2)
    #expect(json["changed"] as? [String] == ["css/a b.css", "js/größe.js"])
    let check = Command.staticd("check", "--root", second.path)
    #expect(check.status == 0, "\(check.errors)")
    server.send(SIGTERM)
    #expect(server.wait() == 0)
  }

  @Test("a server that does not share its manifests, or an invalid response, is one error line")
  func refused() throws {
    #expect(collect(first, "one").status == 0)
    let server = RunningServer("--root", first.path)
    let url = "http://127.0.0.1:\(server.port)/static/"
    let cases: [(String, Int32, String)] = [
      (url, 3, "neither staticd.json nor staticfiles.json"),
      ("http://127.0.0.1:\(server.port)", 3, "neither"),
      ("http://127.0.0.1:1/static/", 3, "cannot connect: Connection refused"),
      ("http://name.invalid/static/", 3, "cannot find 'name.invalid'"),
      ("/nonexistent", 3, "cannot open"),
      ("https://127.0.0.1:1/static/", 3, "https://127.0.0.1:1/static/: "),
      ("https://user:word@x/", 2, "user and password"), ("s3://a/static", 2, "no bucket's name"),
      ("ftp://x/", 2, "give a directory"),
      ("http://", 2, "give a URL"), ("http://user:word@x/", 2, "user and password"),
      ("http://x/?a", 2, "give a URL"), ("", 2, "give a directory or a URL"),
    ]
    for (text, status, words) in cases {
      let result = collect(second, "two", "--from-release", text)
      #expect(result.status == status, "\(text) \(result.errors)")
      #expect(result.errorLines.count == 1 && result.errors.contains(words), "\(result.errors)")
      #expect(second.files().filter { !$0.contains(".staticd") }.isEmpty)
    }
    for (text, status, _) in cases where status == 3 {
      let result = collect(second, "two", "--from-release", text, "--from-release-optional")
      #expect(result.status == 0, "\(text) \(result.errors)")
      #expect(result.errors.contains("warning: ") && result.errors.contains("without it"))
    }
    let result = collect(second, "two", "--from-release", first.path, "--no-post-process")
    #expect(result.status == 2)
    server.send(SIGTERM)
    #expect(server.wait() == 0)
  }

  @Test("from an object store filled by publish", arguments: ["identity", "suffixes", "br"])
  func published(layout: String) throws {
    #expect(collect(first, "one").status == 0)
    let store = MemoryStore()
    let variables = [
      "AWS_ACCESS_KEY_ID": "AKIDTEST", "AWS_SECRET_ACCESS_KEY": "test", "AWS_REGION": "us-east-1",
      "AWS_ENDPOINT_URL_S3": store.endpoint,
    ]
    let published = Command.run(
      [Command.staticd, "publish", "s3://bucket/static", "--root", first.path, "--layout", layout],
      environment: variables
    )
    #expect(published.status == 0, "\(published.errors)")
    source.write("two {}", to: "css/a b.css")
    let result = Command.run(
      [Command.staticd, "collect", source.path, "--root", second.path, "--no-cache"]
        + ["--from-release", "s3://bucket/static"],
      environment: variables
    )
    guard layout != "br" else {
      #expect(result.status == 3)
      #expect(result.errors.contains("is stored in br"), "\(result.errors)")
      return
    }
    #expect(result.status == 0, "\(result.errors)")
    for name in hashed(first) { #expect(second.read(name) == first.read(name), "\(name)") }
  }

  @Test("from a site with TLS, whose certificate is verified")
  func secure() throws {
    #expect(collect(first, "one").status == 0)
    let authority = CertificateAuthority()
    let script = authority.directory.write(Self.script, to: "server.py")
    let server = RunningProgram(
      ["python3", script, first.path, "tls"],
      directory: authority.directory.path
    )
    let url = "https://localhost:\(server.port)/static/"
    func collectTrusting(_ file: String) -> CommandResult {
      Command.run(
        [Command.staticd, "collect", source.path, "--root", second.path, "--no-cache"]
          + ["--from-release", url],
        environment: ["SSL_CERT_FILE": authority.path(file), "AWS_CA_BUNDLE": ""]
      )
    }
    let refused = collectTrusting("other.pem")
    #expect(refused.status == 3, "\(refused.errors)")
    #expect(refused.errors.contains("certificate of 'localhost' is not accepted"))
    let trusted = collectTrusting("authority.pem")
    #expect(trusted.status == 0, "\(trusted.errors)")
    for name in hashed(first) { #expect(second.read(name) == first.read(name), "\(name)") }
  }

  /// A server with unusual responses: chunks, a length by closing, another content, a coding, a
  /// redirect, nothing.
  private static let script = """
    import http.server, os, sys
    mode = sys.argv[2]
    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.0" if mode == "close" else "HTTP/1.1"
        def log_message(self, *_): pass
        def do_GET(self):
            from urllib.parse import unquote
            path = os.path.join(sys.argv[1], unquote(self.path).removeprefix("/static/"))
            if not os.path.isfile(path):
                self.send_response(404); self.send_header("Content-Length", "0"); self.end_headers()
                return
            data = open(path, "rb").read()
            if mode == "other" and path.endswith(".css"): data += b"!"
            if mode == "redirect":
                self.send_response(301); self.send_header("Location", "/x")
                self.send_header("Content-Length", "0"); self.end_headers(); return
            if mode == "hangup": self.connection.close(); return
            self.send_response(200)
            if mode == "coded": self.send_header("Content-Encoding", "gzip")
            if mode in ("chunks", "cut"):
                self.send_header("Transfer-Encoding", "chunked"); self.end_headers()
                for i in range(0, len(data), 777):
                    part = data[i:i+777]
                    self.wfile.write(b"%x\\r\\n%s\\r\\n" % (len(part), part))
                if mode == "chunks": self.wfile.write(b"0\\r\\n\\r\\n")
                else: self.close_connection = True
                return
            if mode != "close": self.send_header("Content-Length", str(len(data)))
            self.end_headers(); self.wfile.write(data)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if mode == "tls":
        import ssl
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain("site.pem", "site.key")
        server.socket = context.wrap_socket(server.socket, server_side=True)
    print("http://127.0.0.1:%d" % server.server_port, flush=True)
    server.serve_forever()
    """

  @Test(
    "from other servers, with Django's manifest alone",
    arguments: ["plain", "chunks", "close", "other", "coded", "redirect", "hangup", "cut"]
  )
  func others(mode: String) throws {
    #expect(collect(first, "one").status == 0)
    first.remove("staticd.json")
    let scratch = TemporaryDirectory()
    let script = scratch.write(Self.script, to: "server.py")
    let server = RunningProgram(["python3", script, first.path, mode], directory: scratch.path)
    let url = "http://localhost:\(server.port)/static"
    let result = collect(second, "two", "--from-release", url)
    switch mode {
    case "plain", "chunks", "close":
      #expect(result.status == 0, "\(result.errors)")
      for name in hashed(first) { #expect(second.read(name) == first.read(name), "\(name)") }
    case "other":
      #expect(result.status == 1)
      #expect(result.errors.contains("its content is not what its name says"))
    default:
      #expect(result.status == 3, "\(result.errors)")
      #expect(result.errors.contains(url), "\(result.errors)")
    }
  }
}
