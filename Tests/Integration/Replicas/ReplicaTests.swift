import Foundation
import TestSupport
import Testing

/// Two replicas of one release, collected at different times in different directories.
///
/// Goal: no field of a response except `Date` depends on the replica.
@Suite struct ReplicaTests {
  /// A checkout of the sources, with its own times, collected into its own root.
  private final class Replica {
    let source = TemporaryDirectory()
    let root = TemporaryDirectory()
    let server: RunningServer

    init(sourcesFrom time: Int, _ more: [String], isReversed: Bool) {
      var files = [
        ("css/app.css", String(repeating: "a { background: url(../img/x.svg) }\n", count: 40)),
        ("img/x.svg", "<svg>" + String(repeating: "<g/>", count: 200) + "</svg>"),
        ("robots.txt", "User-agent: *\n"), ("empty.bin", ""),
        ("big.js", String(repeating: "let value = 1;\n", count: 9000)),
      ]
      if isReversed { files.reverse() }
      for (name, text) in files {
        let path = source.write(text, to: name)
        let date = Date(timeIntervalSince1970: Double(time))
        try? FileManager.default.setAttributes([.modificationDate: date], ofItemAtPath: path)
      }
      let result = Command.run(
        [Command.staticd, "collect", source.path, "--root", root.path, "--no-cache"] + more
      )
      precondition(result.status == 0, result.errors)
      // The collector copies contents, not times.
      for name in root.files() {
        let date = Date(timeIntervalSince1970: Double(time + 77))
        try? FileManager.default.setAttributes(
          [.modificationDate: date],
          ofItemAtPath: root.path(name)
        )
      }
      server = RunningServer(
        "--root",
        root.path,
        "--cache-tag",
        "--surrogate-key",
        "--stale-if-error",
        "60",
        "--header",
        "*: Surrogate-Control: max-age=5",
        "--no-compress"
      )
    }
  }

  @Test("every field of every response is the same", arguments: [true, false])
  func same(hasTime: Bool) throws {
    let more = hasTime ? ["--source-date", "1700000000"] : []
    let replicas = [
      Replica(sourcesFrom: 1_500_000_000, more, isReversed: false),
      Replica(sourcesFrom: 1_600_000_000, more, isReversed: true),
    ]
    #expect(replicas[0].root.read("staticd.json") == replicas[1].root.read("staticd.json"))
    let clients = replicas.map { HTTPClient(port: $0.server.port) }
    let names = replicas[0].root.files().filter {
      !$0.hasSuffix(".br") && !$0.hasSuffix(".gz") && !$0.hasPrefix(".")
    }
    #expect(names.count == 5 * 2 + 2)
    func ask(_ path: String, _ fields: [String], _ method: String = "GET") -> [HTTPResponse?] {
      clients.map { client in
        let lines = (["Host: test"] + fields).map { $0 + "\r\n" }.joined()
        client.send("\(method) \(path) HTTP/1.1\r\n\(lines)\r\n")
        return client.response(hasBody: method != "HEAD")
      }
    }
    func compare(_ path: String, _ fields: [String], _ method: String = "GET") {
      let answers = ask(path, fields, method).map { answer in
        let left = (answer?.fields ?? []).filter {
          $0.name != "Date" && (hasTime || $0.name != "Last-Modified")
        }
        return ["\(answer?.status ?? 0)"] + left.map { "\($0.name): \($0.value)" }
          + ["\(answer?.body.hashValue ?? 0)"]
      }
      #expect(answers[0] == answers[1], "\(method) \(path) \(fields)")
    }
    for name in names + ["none.txt"] {
      let path = "/static/\(name.hasPrefix("./") ? String(name.dropFirst(2)) : name)"
      for coding in ["identity", "gzip", "br", "gzip, br"] {
        let field = "Accept-Encoding: \(coding)"
        let tag = ask(path, [field])[0]?["ETag"] ?? "\"none\""
        for method in ["GET", "HEAD", "OPTIONS"] { compare(path, [field], method) }
        compare(path, [field, "If-None-Match: \(tag)"])
        compare(path, [field, "If-Match: \"other\""])
        compare(path, [field, "Range: bytes=1-3"])
        compare(path, [field, "Range: bytes=0-0,2-2"])
        compare(path, [field, "Range: bytes=99999999-"])
        compare(path, [field, "Range: bytes=0-1", "If-Range: \(tag)"])
        if hasTime {
          compare(path, [field, "If-Modified-Since: Tue, 14 Nov 2023 22:13:20 GMT"])
          compare(path, [field, "If-Unmodified-Since: Tue, 14 Nov 2023 22:13:19 GMT"])
        }
      }
    }
    for replica in replicas {
      replica.server.send(SIGTERM)
      #expect(replica.server.wait() == 0)
    }
  }

  @Test("SOURCE_DATE_EPOCH is the time of the sources")
  func environment() throws {
    let source = TemporaryDirectory()
    let root = TemporaryDirectory()
    source.write("x", to: "a.txt")
    let result = Command.staticd(
      "collect",
      source.path,
      "--root",
      root.path,
      environment: ["SOURCE_DATE_EPOCH": "1700000000"]
    )
    #expect(result.status == 0, "\(result.errors)")
    #expect(root.text("staticd.json")?.contains("\"sourceTime\": 1700000000") == true)
    #expect(
      Command.staticd("collect", source.path, "--root", root.path, "--source-date", "-1").status
        == 2
    )
  }
}
