import Foundation
import TestSupport
import Testing

/// WhiteNoise 6.12 under gunicorn and `staticd serve` side by side on one collected directory.
///
/// Goal: a site that migrates from WhiteNoise gets the same responses, except for a list of
/// differences, each with its reason and its row in the documentation.
@Suite struct ParityTests {
  @Test("same responses, except for the listed differences, each of which occurs")
  func parity() throws {
    let root = TemporaryDirectory()
    let hashed = try collect(into: root)
    let (whiteNoise, staticd) = try start(root)
    var seen: Set<Difference> = []
    let requests = requests(Array(hashed.keys))
    for request in requests {
      let theirs = try #require(request.answer(of: whiteNoise.port, hashed: hashed), "\(request)")
      let ours = try #require(request.answer(of: staticd.port, hashed: hashed), "\(request)")
      for mismatch in Mismatch.all(theirs, ours) {
        let difference = request.differences.first { $0.explains(mismatch) }
        if let difference {
          seen.insert(difference)
        } else {
          let name = mismatch.field
          let (before, now) = (theirs[name] ?? "-", ours[name] ?? "-")
          Issue.record("\(request): \(name) \(theirs.status) \(before), \(ours.status) \(now)")
        }
      }
    }
    if try sharesEntityTags(whiteNoise.port), try !sharesEntityTags(staticd.port) {
      seen.insert(.entityTags)
    }
    #expect(requests.count > 1500)
    #expect(Set(Difference.allCases).subtracting(seen).isEmpty, "listed, but never seen")
  }

  @Test("the documentation has a row for each difference", arguments: Difference.allCases)
  func documented(difference: Difference) throws {
    let page = "Sources/staticd/staticd.docc/Explanations/DifferencesFromWhiteNoise.md"
    let text = try String(contentsOfFile: "\(Site.path)/../../../\(page)", encoding: .utf8)
    #expect(text.contains("\n| \(difference.row) | "))
    #expect(!difference.reason.isEmpty)
  }

  /// All requests: the tables, and each collected file with and without compression.
  private func requests(_ names: [String]) -> [ParityRequest] {
    let tables = ParityTables.self
    let (get, head) = (ParityTables.Row("GET"), ParityTables.Row("HEAD"))
    let brotli = ParityTables.Row("br")
    var requests: [ParityRequest] = []
    for path in tables.paths {
      requests += tables.methods.map { ParityRequest($0, path) }
      requests += tables.wishes.map { ParityRequest(get, path, wish: $0) }
      requests.append(ParityRequest(head, path, wish: brotli))
    }
    for path in tables.conditionalPaths {
      for wish in [nil, brotli] {
        requests += tables.conditions.map { ParityRequest(get, path, wish: wish, condition: $0) }
        requests += tables.headConditions.map {
          ParityRequest(head, path, wish: wish, condition: $0)
        }
      }
    }
    for name in names where !name.hasPrefix("odd/") {
      let row = ParityTables.Row("HASHED(\(name))")
      // LICENSE files and the like have no extension.
      let path =
        name.split(separator: "/").last!.contains(".")
        ? row : ParityTables.Row(row.text, .extensionless)
      requests += [nil, ParityTables.Row("gzip, br")].map { ParityRequest(get, path, wish: $0) }
    }
    return requests
  }

  /// Whether brotli and identity share an entity tag.
  private func sharesEntityTags(_ port: UInt16) throws -> Bool {
    let client = HTTPClient(port: port)
    let plain = try #require(client.get("/static/admin/css/base.css"))
    let brotli = try #require(client.get("/static/admin/css/base.css", "Accept-Encoding: br"))
    #expect(brotli["Content-Encoding"] == "br")
    return try #require(plain["ETag"]) == #require(brotli["ETag"])
  }

  private func start(_ root: TemporaryDirectory) throws -> (RunningProgram, RunningServer) {
    let whiteNoise = RunningProgram(
      [
        try Command.fixture("django/bin/gunicorn"), "whitenoise_site:application", "--bind",
        "127.0.0.1:0", "--preload", "--worker-class", "gthread", "--threads", "2",
      ],
      directory: Site.path,
      environment: ["STATIC_ROOT": root.path, "PYTHONDONTWRITEBYTECODE": "1"]
    )
    return (whiteNoise, RunningServer("--root", root.path))
  }

  /// Collects the admin's files and some special files, and adds files by hand; returns the
  /// manifest.
  private func collect(into root: TemporaryDirectory) throws -> [String: String] {
    let odd = TemporaryDirectory()
    let text = String(repeating: "odd ", count: 100)
    for name in [
      "noext", "unknown.qqq", "UPPER.CSS", "with space.txt", "100%.txt", "größe.txt", "font.woff",
      "page.html",
    ] { odd.write(text, to: name) }
    odd.write("", to: "empty.css")
    odd.write("b", to: "one.txt")
    odd.write("{}", to: "a.map")
    odd.write((0..<200_000).map { _ in UInt8.random(in: 0...255) }, to: "large.bin")
    let result = Command.staticd(
      "collect",
      try Command.fixture("wheels/django/contrib/admin/static"),
      "odd=\(odd.path)",
      "--root",
      root.path
    )
    #expect(result.status == 0, "\(result.errors)")
    root.write(text, to: "odd/lookalike.0123456789ab.css")
    root.write(text, to: ".well-known/security.txt")
    root.write(text, to: ".hidden")
    root.link("odd/out.txt", to: "\(Site.path)/render.py")
    let small = String(text.prefix(50))
    root.write(small, to: "odd/worse.txt")
    for name in ["odd/worse.txt.gz", "odd/worse.txt.br"] { root.write(text, to: name) }
    for name in ["odd/same.txt", "odd/only.txt", "odd/bundle.tar"] { root.write(text, to: name) }
    for name in ["odd/same.txt.gz", "odd/same.txt.br", "odd/only.txt.gz", "odd/bundle.tar.gz"] {
      root.write(small, to: name)
    }
    struct Manifest: Decodable { let paths: [String: String] }
    let manifest = Data(try #require(root.read("staticfiles.json")))
    return try JSONDecoder().decode(Manifest.self, from: manifest).paths
  }
}
