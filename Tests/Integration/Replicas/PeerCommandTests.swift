import Foundation
import TestSupport
import Testing

/// `serve --peer`, from the command line to the socket.
@Suite struct PeerCommandTests {
  private let roots = [TemporaryDirectory(), TemporaryDirectory()]

  init() {
    let source = TemporaryDirectory()
    for (root, word) in zip(roots, ["one", "two"]) {
      source.write(String(repeating: "\(word) {}\n", count: 40), to: "a.css")
      let result = Command.staticd("collect", source.path, "--root", root.path, "--no-cache")
      precondition(result.status == 0, result.errors)
    }
  }

  private func hashed(_ root: TemporaryDirectory) throws -> String {
    let data = Data(root.read("staticfiles.json") ?? [])
    let json = try JSONSerialization.jsonObject(with: data) as? [String: Any]
    return try #require((json?["paths"] as? [String: String])?["a.css"])
  }

  @Test("two replicas of two releases serve each other's files, without an app")
  func both() throws {
    let old = RunningServer("--root", roots[0].path)
    let new = RunningServer(
      "--root",
      roots[1].path,
      "--peer",
      "http://127.0.0.1:\(old.port)/",
      "--peer-timeout",
      "30"
    )
    let client = HTTPClient(port: new.port)
    let response = client.get("/static/\(try hashed(roots[0]))", "Accept-Encoding: br")
    #expect(response?.status == 200)
    #expect(response?["Content-Encoding"] == "br")
    #expect(response?["Cache-Control"] == "max-age=315360000, public, immutable")
    #expect(client.get("/static/\(try hashed(roots[1]))")?.status == 200)
    #expect(client.get("/static/x.0123456789ab.css")?.status == 404)
    #expect(client.get("/other")?.status == 404)
    for server in [new, old] {
      server.send(SIGTERM)
      #expect(server.wait() == 0)
    }
  }

  @Test("a peer's name is resolved at run time, and an unresolvable one does not stop the server")
  func names() throws {
    let old = RunningServer("--root", roots[0].path)
    let new = RunningServer(
      "--root",
      roots[1].path,
      "--peer",
      "http://peers.invalid:80",
      "--peer",
      "http://ip6-localhost.invalid:1",
      "--peer",
      "http://localhost:\(old.port)"
    )
    let name = try hashed(roots[0])
    #expect(eventually { HTTPClient(port: new.port).get("/static/\(name)")?.status == 200 })
    for server in [new, old] {
      server.send(SIGTERM)
      #expect(server.wait() == 0)
    }
  }

  @Test("explain shows that peers are asked, and the response if they lack the file")
  func explained() throws {
    let words = ["explain", "/static/x.0123456789ab.css", "--root", roots[0].path]
    let asked = Command.run([Command.staticd] + words + ["--peer", "http://127.0.0.1:1"])
    #expect(asked.output.contains("if a peer has the file, that is the answer"))
    #expect(asked.output.contains("404 Not Found"))
    let alone = Command.run([Command.staticd] + words)
    #expect(!alone.output.contains("peer") && alone.output.contains("404 Not Found"))
    let app = ["--peer", "http://127.0.0.1:1", "--upstream", "127.0.0.1:2", "--unknown", "app"]
    let other = Command.run([Command.staticd] + words + app)
    #expect(other.output.contains("if a peer has the file"))
    #expect(other.output.contains("the app at 127.0.0.1:2 answers"))
  }

  @Test(
    "an invalid peer is wrong use",
    arguments: ["https://x:1", "http://x:1/static/", "x", "http://", "http://x:0", "ftp://x:1", ""]
  )
  func refused(text: String) {
    let result = Command.staticd("serve", "--root", roots[0].path, "--peer", text)
    #expect(result.status == 2)
    #expect(result.errors.contains("--peer"), "\(result.errors)")
  }
}
