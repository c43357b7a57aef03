import Benchmark
import Foundation
import StaticAssets

/// Request heads as clients send them, for a file of `benchmarkTable`.
private enum Heads {
  static let curl = head("/static/css/f42.css", ["User-Agent: curl/8.11", "Accept: */*"])
  static let chromium = head(
    "/static/css/f42.css",
    [
      "Connection: keep-alive",
      "sec-ch-ua-platform: \"Linux\"",
      "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
        + "Chrome/142.0.0.0 Safari/537.36",
      "sec-ch-ua: \"Chromium\";v=\"142\", \"Not_A Brand\";v=\"99\"",
      "sec-ch-ua-mobile: ?0",
      "Accept: text/css,*/*;q=0.1",
      "Sec-Fetch-Site: same-origin",
      "Sec-Fetch-Mode: no-cors",
      "Sec-Fetch-Dest: style",
      "Referer: https://www.example.com/admin/login/?next=/admin/",
      "Accept-Encoding: gzip, deflate, br, zstd",
      "Accept-Language: en-US,en;q=0.9",
      "Cookie: csrftoken=aGs0kKNoB6Vx2ZVHxvxSHJbTGZAnuyHx; sessionid=wq0c5ktyj3vlhm2gpgy6ee0j8x",
    ]
  )
  static let encoded = head("/static/css/f%34%32.css", ["Accept-Encoding: br"])
  static let missing = head("/static/css/none.css", ["Accept-Encoding: br"])

  static func conditional(_ tag: String) -> [UInt8] {
    head("/static/css/f42.css", ["Accept-Encoding: identity", "If-None-Match: \(tag)"])
  }

  private static func head(_ path: String, _ fields: [String]) -> [UInt8] {
    let lines = ["GET \(path) HTTP/1.1", "Host: www.example.com"] + fields + ["", ""]
    return Array(lines.joined(separator: "\r\n").utf8)
  }
}

func addRequestBenchmarks() {
  for (name, bytes) in [("curl", Heads.curl), ("Chromium", Heads.chromium)] {
    Benchmark("head parser, \(name), \(bytes.count) bytes") { benchmark in
      let limits = RequestLimits()
      var head = RequestHead()
      for _ in benchmark.scaledIterations {
        blackHole(RequestHeadParser.parse(bytes.span, limits: limits, into: &head))
      }
    }
  }
  Benchmark("negotiation, gzip, deflate, br, zstd") { benchmark in
    let value = Array("gzip, deflate, br, zstd".utf8)
    for _ in benchmark.scaledIterations {
      var wishes = AcceptEncoding()
      wishes.add(value.span, 0..<value.count)
      blackHole(wishes.weight(of: .brotli))
    }
  }
  addPlanBenchmarks()
}

private func addPlanBenchmarks() {
  let requests: [(String, @Sendable () -> [UInt8])] = [
    ("path look-up, no such file among 2,000", { Heads.missing }),
    ("plan, 200", { Heads.chromium }),
    ("plan, 304", { Heads.conditional(entityTag(in: table)) }),
    ("plan, percent-encoded path", { Heads.encoded }),
  ]
  for (name, request) in requests {
    Benchmark(name) { benchmark in
      let bytes = request()
      let table = table
      var head = RequestHead()
      let outcome = RequestHeadParser.parse(bytes.span, limits: RequestLimits(), into: &head)
      precondition(outcome == .complete)
      benchmark.startMeasurement()
      for _ in benchmark.scaledIterations { blackHole(table.plan(for: head, in: bytes.span)) }
    }
  }
}

/// A table of 2,000 files, of which the requested one has a brotli coding.
///
/// Each benchmark runs in its own process, so it is built only where it is used.
private let table = makeTable()

private func makeTable() -> FileTable {
  let root = FileManager.default.temporaryDirectory.appending(path: "micro-\(getpid())")
  defer { try? FileManager.default.removeItem(at: root) }
  do {
    let directory = root.appending(path: "css")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    for number in 0..<2000 {
      let name = directory.appending(path: "f\(number).css")
      try Data("a { width: \(number)px }\n".utf8).write(to: name)
    }
    try Data("b".utf8).write(to: directory.appending(path: "f42.css.br"))
    return try FileTable(root: root.path)
  } catch {
    fatalError("\(error)")
  }
}

private func plan(_ bytes: [UInt8], _ table: FileTable) -> ResponsePlan {
  var head = RequestHead()
  let outcome = RequestHeadParser.parse(bytes.span, limits: RequestLimits(), into: &head)
  guard outcome == .complete, let plan = table.plan(for: head, in: bytes.span) else {
    fatalError("no plan")
  }
  return plan
}

/// The entity tag of the requested file without a coding.
private func entityTag(in table: FileTable) -> String {
  let plan = plan(Heads.conditional("\"none\""), table)
  let text = table.withBytes(of: plan.head.bytes) { span in
    String(decoding: span.indices.map { span[$0] }, as: UTF8.self)
  }
  let line = text.split(separator: "\r\n").first { $0.hasPrefix("ETag: ") }
  return String(line?.dropFirst(6) ?? "")
}
