import Foundation
import StaticAssets
import TestSupport
import Testing

/// Fields for shared caches: tags, the directives of RFC 5861, and those of the operator.
///
/// Goal: a 304 has the fields of the 200, so that a cache which updates a stored response keeps its
/// tags and its times; and all replicas send the same fields.
@Suite struct SharedCacheTests {
  private let root = TemporaryDirectory()

  /// The SHA-256 of `a {}`: the files are newer than the manifest.
  private static let digest = "9a4487ccbedf68e53bfd4feff149a0fb4e7c47af7ebcdd80db1984dc5cf5abdf"

  private func table(_ change: (inout FileTable.Options) throws -> Void = { _ in }) throws
    -> FileTable
  {
    root.write("a {}", to: "a.css")
    root.write("a {}", to: "a.5d41402abc4b.css")
    root.write(
      #"{"paths": {"a.css": "a.5d41402abc4b.css"}, "version": "1.1", "hash": "x"}"#,
      to: "staticfiles.json"
    )
    var options = FileTable.Options()
    try change(&options)
    return try FileTable(root: root.path, options: options)
  }

  private func get(_ table: FileTable, _ name: String, _ fields: String...) throws -> PlannedAnswer
  {
    let lines = fields.map { $0 + "\r\n" }.joined()
    let request = "GET /static/\(name) HTTP/1.1\r\nHost: x\r\n\(lines)\r\n"
    return try #require(PlannedAnswer(table, request))
  }

  private static let immutable = "max-age=315360000, public, immutable"

  @Test("the directives apply to names that are not immutable, and to every rule for them")
  func stale() throws {
    let table = try table {
      $0.staleWhileRevalidate = .seconds(30)
      $0.staleIfError = .seconds(86400)
      $0.maxAges = [.init(glob: "*.txt", maxAge: .seconds(0))]
    }
    let rest = "stale-while-revalidate=30, stale-if-error=86400"
    #expect(try get(table, "a.css").fields["Cache-Control"] == "max-age=60, public, \(rest)")
    #expect(try get(table, "a.5d41402abc4b.css").fields["Cache-Control"] == Self.immutable)
    root.write("x", to: "b.txt")
    let other = try self.table {
      $0.staleWhileRevalidate = .seconds(30)
      $0.maxAges = [.init(glob: "*.txt", maxAge: .seconds(0))]
    }
    #expect(
      try get(other, "b.txt").fields["Cache-Control"]
        == "max-age=0, public, stale-while-revalidate=30"
    )
    let silent = try self.table {
      $0.maxAge = nil
      $0.staleIfError = .seconds(1)
    }
    #expect(try get(silent, "a.css").fields["Cache-Control"] == nil)
  }

  @Test("0 and negative times are refused", arguments: [0, -1, 2_147_483_648])
  func range(seconds: Int) {
    #expect(throws: AssetError.self) { try table { $0.staleWhileRevalidate = .seconds(seconds) } }
    #expect(throws: AssetError.self) { try table { $0.staleIfError = .seconds(seconds) } }
  }

  @Test("tags name class and release")
  func tags() throws {
    let digest = Self.digest
    func entry(_ release: String) -> String {
      "{\"bytes\": 4, \"sha256\": \"\(digest)\", \"release\": \"\(release)\"}"
    }
    root.write(
      "{\"files\": {\"a.css\": \(entry("900150983cd2")), \"a.5d41402abc4b.css\": \(entry("x y"))}}",
      to: "staticd.json"
    )
    let table = try table { $0.cacheTags = [.cacheTag, .surrogateKey] }
    let plain = try get(table, "a.css").fields
    #expect(plain["Cache-Tag"] == "staticd,staticd-unhashed,staticd-release-900150983cd2")
    #expect(plain["Surrogate-Key"] == "staticd staticd-unhashed staticd-release-900150983cd2")
    // An invalid label cannot break the list.
    let hashed = try get(table, "a.5d41402abc4b.css").fields
    #expect(hashed["Surrogate-Key"] == "staticd staticd-hashed")
    let own = try self.table {
      $0.cacheTags = [.surrogateKey]
      $0.fields = [try FieldRule(glob: "*", name: "surrogate-key", value: "mine")]
    }
    #expect(try get(own, "a.css").fields["surrogate-key"] == "mine")
    #expect(try get(own, "a.css").fields["Surrogate-Key"] == nil)
    #expect(try get(own, "a.css").fields["Cache-Tag"] == nil)
  }

  @Test(
    "a 304 has the fields of the 200 that a cache keeps",
    arguments: ["a.css", "a.5d41402abc4b.css"]
  )
  func notModified(name: String) throws {
    root.write("coded", to: "\(name).gz")
    let table = try table {
      $0.cacheTags = [.cacheTag, .surrogateKey]
      $0.staleIfError = .seconds(9)
      $0.fields = [
        try FieldRule(glob: "*", name: "Surrogate-Control", value: "max-age=86400"),
        try FieldRule(glob: "*", name: "CDN-Cache-Control", value: "max-age=3600"),
      ]
    }
    let whole = try get(table, name)
    let tag = try #require(whole.fields["ETag"])
    let empty = try get(table, name, "If-None-Match: \(tag)")
    #expect((whole.status, empty.status) == (200, 304))
    let kept = [
      "Cache-Control", "ETag", "Vary", "Cache-Tag", "Surrogate-Key", "Surrogate-Control",
      "CDN-Cache-Control", "Access-Control-Allow-Origin",
    ]
    for field in kept where whole.fields[field] != nil || field != "Vary" {
      #expect(whole.fields[field] != nil && empty.fields[field] == whole.fields[field], "\(field)")
    }
  }

  @Test("the manifests are served only if they are shared", arguments: [false, true])
  func manifests(isShared: Bool) throws {
    root.write("{\"files\": {}}", to: "staticd.json")
    root.write("secret", to: ".hidden")
    let table = try table { $0.sharesManifests = isShared }
    for name in ["staticfiles.json", "staticd.json"] {
      #expect(try get(table, name).status == (isShared ? 200 : 404))
    }
    #expect(try get(table, ".hidden").status == 404)
    let site = try FileTable(
      mounts: [.init(root.path, at: "/", kind: .public)],
      options: {
        var options = FileTable.Options()
        options.sharesManifests = true
        return options
      }()
    )
    #expect(PlannedAnswer(site, "GET /staticd.json HTTP/1.1\r\nHost: x\r\n\r\n") == nil)
  }

  @Test("the time of the sources applies to every file of the manifest")
  func sourceTime() throws {
    let digest = Self.digest
    root.write("x", to: "other.txt")
    func write(_ time: String) {
      root.write(
        "{\"sourceTime\": \(time), \"files\": {\"a.css\": {\"bytes\": 4, \"sha256\": \"\(digest)\"}}}",
        to: "staticd.json"
      )
    }
    write("784111777")
    let date = "Sun, 06 Nov 1994 08:49:37 GMT"
    let table = try table()
    #expect(try get(table, "a.css").fields["Last-Modified"] == date)
    #expect(try get(table, "other.txt").fields["Last-Modified"] != date)
    #expect(try get(table, "a.css", "If-Modified-Since: \(date)").status == 304)
    #expect(
      try get(table, "a.css", "If-Modified-Since: Sun, 06 Nov 1994 08:49:36 GMT").status == 200
    )
    for time in ["0", "4102444800"] {
      write(time)
      #expect(try get(self.table(), "a.css").fields["Last-Modified"] == nil)
    }
  }
}
