import Foundation
import TestSupport
import Testing

/// `staticd serve --autorefresh`: the current sources.
@Suite struct AutorefreshTests {
  private let first = TemporaryDirectory()
  private let second = TemporaryDirectory()
  private let root = TemporaryDirectory()

  private func serve(_ more: String...) -> (RunningServer, HTTPClient) {
    let server = RunningServer(
      ["--autorefresh", "--source", first.path, "--source", "lib=\(second.path)"]
        + ["--access-log", "off"] + more
    )
    return (server, HTTPClient(port: server.port))
  }

  /// Polls until the body is `expected`; a change is visible at once, but not before it happens.
  private func text(_ path: String, becomes expected: String?, _ client: HTTPClient) -> Bool {
    eventually {
      let answer = client.get(path)
      return (answer?.status == 200 ? answer?.text : nil) == expected
    }
  }

  @Test(
    "the first source wins, whatever its prefix; names with and without hash are served",
    arguments: [
      ("lib/a.js", "first"), ("lib/b.js", "second"), ("lib/b.0123456789ab.js", "second"),
      ("LICENSE.0123456789ab", "license"), ("LICENSE", "license"),
      ("lib/x.min.0123456789ab.js", "min"),
      ("lib/b.0123456789AB.js", nil), ("lib/b.0123456789a.js", nil), ("none.0123456789ab.js", nil),
    ]
  )
  func precedence(name: String, expected: String?) {
    first.write("first", to: "lib/a.js")
    first.write("license", to: "LICENSE")
    second.write("second", to: "a.js")
    second.write("second", to: "b.js")
    second.write("min", to: "x.min.js")
    let (server, client) = serve()
    let answer = client.get("/static/\(name)")
    #expect(answer?.status == (expected == nil ? 404 : 200))
    if let expected {
      #expect(answer?.text == expected)
      #expect(answer?["Cache-Control"] == "max-age=0, public")
    }
    withExtendedLifetime(server) {}
  }

  @Test("every kind of change is followed")
  func changes() {
    first.write("one", to: "a.css")
    let (server, client) = serve()
    #expect(text("/static/a.css", becomes: "one", client))
    let tag = client.get("/static/a.css")?["ETag"]
    // The same length, within the same second.
    first.write("two", to: "a.css")
    #expect(text("/static/a.css", becomes: "two", client))
    #expect(client.get("/static/a.css")?["ETag"] != tag)
    second.write("deep", to: "new/deep/er/f.txt")
    #expect(text("/static/lib/new/deep/er/f.txt", becomes: "deep", client))
    second.write("deeper", to: "new/deep/er/f.txt")
    #expect(text("/static/lib/new/deep/er/f.txt", becomes: "deeper", client))
    second.rename("new", to: "old")
    #expect(text("/static/lib/old/deep/er/f.txt", becomes: "deeper", client))
    #expect(text("/static/lib/new/deep/er/f.txt", becomes: nil, client))
    second.remove("old/deep/er/f.txt")
    #expect(text("/static/lib/old/deep/er/f.txt", becomes: nil, client))
    withExtendedLifetime(server) {}
  }

  @Test("the next request sees each change")
  func nextRequest() {
    first.write("0", to: "a.css")
    let (server, client) = serve()
    for number in 1...20 {
      first.write("\(number)", to: "a.css")
      #expect(client.get("/static/a.css")?.text == "\(number)")
      let name = "new/\(number)/b.css"
      second.write("new", to: name)
      #expect(client.get("/static/lib/\(name)")?.text == "new")
      second.rename("new/\(number)", to: "new/old\(number)")
      #expect(client.get("/static/lib/\(name)")?.status == 404)
      #expect(client.get("/static/lib/new/old\(number)/b.css")?.text == "new")
      second.remove("new/old\(number)/b.css")
      #expect(client.get("/static/lib/new/old\(number)/b.css")?.status == 404)
    }
    withExtendedLifetime(server) {}
  }

  @Test("a source that is removed and created again is found again")
  func comesBack() {
    first.write("one", to: "dist/a.css")
    let server = RunningServer(["--autorefresh", "--source", first.path("dist")])
    let client = HTTPClient(port: server.port)
    #expect(text("/static/a.css", becomes: "one", client))
    // Moved in one step: otherwise the file would be missing before its directory is.
    first.rename("dist", to: "gone")
    #expect(client.get("/static/a.css")?.status == 200)
    first.write("two", to: "dist/a.css")
    #expect(text("/static/a.css", becomes: "two", client))
  }

  @Test("collected files are served only where no source has the name")
  func overRoot() throws {
    first.write("one", to: "a.css")
    let collected = Command.staticd(
      "collect",
      first.path,
      "--root",
      root.path("static"),
      "--formats",
      "none"
    )
    #expect(collected.status == 0)
    root.write("only", to: "static/only.css")
    let names = root.files(below: "static").filter { $0.hasPrefix("a.") && $0 != "a.css" }
    let hashed = try #require(names.first)
    let (server, client) = serve("--root", root.path("static"))
    #expect(text("/static/\(hashed)", becomes: "one", client))
    first.write("two", to: "a.css")
    #expect(text("/static/\(hashed)", becomes: "two", client))
    #expect(client.get("/static/\(hashed)")?["Cache-Control"] == "max-age=0, public")
    #expect(client.get("/static/only.css")?.text == "only")
    withExtendedLifetime(server) {}
  }

  @Test(
    "wrong use",
    arguments: [
      (["--source", "x"], "--autorefresh"), (["--autorefresh"], "nothing to serve"),
      (["--autorefresh", "--source", "none-there"], "no directory"),
      (["--autorefresh", "--source", "a//b=y"], "PREFIX=DIR"),
    ]
  )
  func wrongUse(arguments: [String], text: String) {
    let result = Command.run([Command.staticd, "serve"] + arguments, directory: first.path)
    #expect(result.status == 2)
    #expect(result.errorLines.count == 1 && result.errors.contains(text), "\(result.errors)")
  }
}
