import StaticAssets
import StaticCollector
import TestSupport
import Testing

@testable import StaticPublisher

/// Releases in a store: the objects after each run, their fields, and the number of requests.
///
/// Goal: every step of a release's life, against a store in memory that counts requests.
// Serialized: each test uses sixteen connections, and Foundation cannot start a process with too
// many open files.
@Suite(.serialized) struct PublisherTests {
  private let site = PublishedSite()

  init() async throws {
    site.source.write("body { background: url(img/a.png) }", to: "css/app.css")
    site.source.write("png", to: "css/img/a.png")
    site.source.write(String(repeating: "let x = 1;\n", count: 500), to: "js/app.js")
    try await site.collect(codings: [.brotli, .gzip])
  }

  private func object(_ name: String) throws -> MemoryStore.Object? {
    try site.store.objects()["static/\(name)"]
  }

  @Test("a first release: one request for each object, and at most four others")
  func first() throws {
    let report = try site.publish()
    let objects = try site.store.objects()
    // Three files under two names, two manifests, and our own.
    #expect(objects.count == 9 && report.sent.count == 8 && report.unchangedCount == 0)
    #expect(report.requestCount <= report.sent.count + 4 && report.retryCount == 0)
    let css = try #require(try object(site.hashed("css/app.css")))
    #expect(css.text.contains("img/a.") && !css.text.contains("a.png"))
    #expect(css.fields["content-type"] == "text/css; charset=\"utf-8\"")
    #expect(css.fields["cache-control"] == "max-age=315360000, public, immutable")
    #expect(css.fields["content-encoding"] == nil)
    let original = try #require(try object("css/app.css"))
    #expect(original.fields["cache-control"] == "max-age=60, public")
    #expect(try object("staticd.json")?.body == site.root.read("staticd.json"))
    #expect(try object("staticfiles.json")?.fields["cache-control"] == "no-cache")
    for name in site.root.files() where !name.hasSuffix(".br") && !name.hasSuffix(".gz") {
      #expect(try object(name)?.body == site.root.read(name), "\(name)")
    }
  }

  @Test("an unchanged release: at most four requests, none of them a write")
  func unchanged() throws {
    try site.publish()
    _ = try site.store.log()
    let report = try site.publish()
    #expect(report.requestCount == 2 && report.sent.isEmpty && report.unchangedCount == 8)
    #expect(try site.writes().isEmpty)
  }

  @Test("hashed files come first, then originals, then the manifests, then our own")
  func order() throws {
    try site.publish()
    let writes = try site.writes()
    let hashed = try Set(
      ["css/app.css", "css/img/a.png", "js/app.js"].map { "PUT \(try site.hashed($0))" }
    )
    #expect(Set(writes.prefix(3)) == hashed)
    #expect(
      Set(writes[3..<6]) == ["PUT css/app.css", "PUT css/img/a.png", "PUT js/app.js"]
    )
    #expect(
      writes[6...] == ["PUT staticfiles.json", "PUT staticd.json", "PUT .staticd-publish.json"]
    )
  }

  @Test("one changed file: its names, and the manifests, are sent")
  func changed() async throws {
    try site.publish()
    site.source.write("other", to: "js/app.js")
    try await site.collect(codings: [.brotli, .gzip])
    _ = try site.store.log()
    let report = try site.publish()
    #expect(report.sent.count == 4 && report.updated.isEmpty, "\(report.sent)")
    #expect(try object("js/app.js")?.text == "other")
    #expect(report.keptCount == 0)
    // The previous name is still in the root, so it is still published.
    #expect(try site.store.objects().count == 10)
  }

  @Test("changed fields: only the objects with these fields are sent again, with the same content")
  func fields() throws {
    try site.publish()
    _ = try site.store.log()
    let report = try site.publish(maxAge: 600)
    #expect(report.updated.map(\.description) == ["css/app.css", "css/img/a.png", "js/app.js"])
    #expect(report.sent.isEmpty)
    #expect(try object("css/app.css")?.fields["cache-control"] == "max-age=600, public")
    #expect(try site.publish(maxAge: 600).requestCount == 2)
  }

  @Test("fields of an unfinished run are noticed in the second in which the manifest was written")
  func fieldsInOneSecond() throws {
    try site.store.setOptions(["wholeSeconds": true])
    try site.publish()
    try site.store.setFaults(
      ["method": "PUT", "key": "staticd-publish", "kind": "status", "status": 403]
    )
    #expect(throws: StoreError.self) { try site.publish(maxAge: 600) }
    #expect(try object("css/app.css")?.fields["cache-control"] == "max-age=600, public")
    try site.publish()
    #expect(try object("css/app.css")?.fields["cache-control"] == "max-age=60, public")
  }

  @Test("the layout 'suffixes' has no deltas")
  func deltas() async throws {
    var random = SplitMix64(seed: 1)
    let lines = (0..<400).map { "let name\($0) = \(random.next());\n" }
    for change in ["", "let changed = 1;\n"] {
      site.source.write(lines.joined() + change, to: "js/app.js")
      try await site.collect(codings: [.brotli, .gzip, .dictionaryZstandard])
    }
    #expect(site.root.files().contains { $0.hasSuffix(".dcz") })
    try site.publish { $0.layout = .suffixes }
    let names = try site.store.objects().keys
    #expect(names.contains { $0.hasSuffix(".js.br") })
    #expect(!names.contains { $0.hasSuffix(".dcz") })
  }

  @Test("names that are not UTF-8 are all reported, and nothing is sent")
  func encodings() async throws {
    _ = Command.run(["bash", "-c", #"echo x > $'a\xff.txt'"#], directory: site.source.path)
    try await site.collect()
    _ = try site.store.log()
    #expect {
      try site.publish()
    } throws: { error in
      guard case .inputs(let lines) = error as? StoreError else { return false }
      // The original and its hashed copy.
      return lines.count == 2 && lines.allSatisfy { $0.contains(#"'a\xFF"#) }
        && lines.allSatisfy { $0.contains(" is not UTF-8") }
    }
    #expect(try site.store.log().isEmpty)
    // After the advice was followed, the older release still has the name.
    _ = Command.run(["bash", "-c", #"mv $'a\xff.txt' a.txt"#], directory: site.source.path)
    try await site.collect()
    try site.publish()
    #expect(try object("a.txt") != nil)
  }

  @Test("fields of a rule apply to the matching objects, and never to manifests")
  func fieldRules() throws {
    var options = FileTable.Options()
    options.fields = [
      try FieldRule(glob: "*", name: "x-amz-acl", value: "public-read"),
      try FieldRule(glob: "*.png", name: "Content-Disposition", value: "attachment"),
      try FieldRule(glob: "*.png", name: "Cache-Control", value: "no-store"),
    ]
    options.mediaTypes = ["js": "application/x-script"]
    try site.publish { $0.rules = FileRules(options) }
    let image = try #require(try object("css/img/a.png"))
    #expect(image.fields["content-disposition"] == "attachment")
    #expect(image.fields["cache-control"] == "no-store")
    #expect(try object("js/app.js")?.fields["content-type"] == "application/x-script")
  }

  @Test("the layout 'suffixes' stores codings beside the files, with their fields")
  func suffixes() throws {
    try site.publish { $0.layout = .suffixes }
    for (suffix, coding) in [(".br", "br"), (".gz", "gzip")] {
      for name in ["js/app.js", try site.hashed("js/app.js")] {
        let coded = try #require(try object(name + suffix))
        #expect(coded.body == site.root.read(name + suffix))
        #expect(coded.fields["content-encoding"] == coding)
        #expect(coded.fields["content-type"] == "text/javascript; charset=\"utf-8\"")
        let plain = try #require(try object(name))
        #expect(plain.fields["content-encoding"] == nil)
        #expect(coded.fields["cache-control"] == plain.fields["cache-control"])
      }
    }
    #expect(try site.publish { $0.layout = .suffixes }.requestCount == 2)
  }

  @Test("the layout 'br' stores brotli under the plain name, if there is one")
  func brotli() throws {
    try site.publish { $0.layout = .br }
    let script = try #require(try object("js/app.js"))
    #expect(script.body == site.root.read("js/app.js.br"))
    #expect(script.fields["content-encoding"] == "br")
    let image = try #require(try object("css/img/a.png"))
    #expect(image.text == "png" && image.fields["content-encoding"] == nil)
    #expect(try object("js/app.js.br") == nil)
    #expect(try site.publish { $0.layout = .br }.requestCount == 2)
    // Another layout stores other bytes under the same names.
    #expect(try site.publish { $0.layout = .identity }.sent.count == 2)
  }

  @Test("names of older releases are removed after enough newer ones, and nothing else is")
  func removing() async throws {
    try site.publish { $0.keptReleaseCount = 2 }
    var names: [String] = []
    for number in 1...3 {
      names.append(try site.hashed("js/app.js"))
      site.source.write("release \(number)", to: "js/app.js")
      // As in a newly built image: the root knows one release.
      try await site.collect(keeping: 1)
      _ = try site.store.log()
      let report = try site.publish { $0.keptReleaseCount = 2 }
      let objects = try site.store.objects()
      #expect(objects["static/\(names.last!)"] != nil, "that of the release before stays")
      #expect(report.removed.map(\.description) == Array(names.dropLast().suffix(1)))
      for name in names.dropLast() { #expect(objects["static/\(name)"] == nil) }
      let writes = try site.writes()
      // Removals follow the new manifest.
      if number > 1 { #expect(writes.last?.hasPrefix("DELETE") == true, "\(writes)") }
    }
    #expect(try site.publish { $0.keptReleaseCount = 2 }.requestCount == 2)
  }

  @Test(
    "many names are removed by one request, or one by one if the store refuses that",
    arguments: [true, false]
  )
  func removingMany(isTogether: Bool) async throws {
    for number in 0..<5 { site.source.write("\(number)", to: "old/é <&> \(number).txt") }
    try await site.collect()
    try site.publish()
    for number in 0..<5 { site.source.remove("old/é <&> \(number).txt") }
    try await site.collect(keeping: 1)
    try site.store.setOptions(["multiDelete": isTogether])
    _ = try site.store.log()
    let report = try site.publish { $0.keptReleaseCount = 1 }
    let log = try site.store.log()
    #expect(report.removed.count == 10, "\(report.removed)")
    #expect(log.count { $0.method == "DELETE" } == (isTogether ? 0 : 10))
    #expect(try site.store.objects().keys.allSatisfy { !$0.contains("old/") })
  }

  @Test("a file of another root's release stays, although the own root no longer has it")
  func twoRoots() async throws {
    let other = PublishedSite(site.store)
    func publish(_ from: PublishedSite) throws -> PublishReport {
      try from.publish { $0.keptReleaseCount = 3 }
    }
    site.source.write("shared", to: "f.txt")
    try await site.collect()
    _ = try publish(site)
    let name = try site.hashed("f.txt")
    for (path, text) in [("f.txt", "shared"), ("b.txt", "b")] { other.source.write(text, to: path) }
    try await other.collect()
    _ = try publish(other)
    site.source.remove("f.txt")
    for text in ["c", "d"] {
      site.source.write(text, to: "c.txt")
      try await site.collect()
      _ = try publish(site)
    }
    // The releases are d, c, and that of the other root, which has the file.
    #expect(try site.store.objects()["static/\(name)"]?.text == "shared")
  }

  @Test("the report of a failed run lists its actions")
  func failed() async throws {
    try site.store.setFaults([
      "method": "PUT", "kind": "status", "status": 403, "skip": 3, "times": 99,
    ])
    let options = PublishOptions(
      root: BytePath(site.root.path),
      rules: FileRules(FileTable.Options())
    )
    let store = ObjectStore(
      try StoreAddress("s3://bucket/static", endpoint: site.store.endpoint),
      AWSSettings(path: { PublishedSite.variables[$0].map { BytePath($0) } }, file: { _ in nil }),
      RetryPolicy(baseMilliseconds: 1),
      ConnectionLimits()
    )
    var report = PublishReport(options, store.address)
    #expect(throws: StoreError.self) {
      try Publisher(options, store, CollectProgress()).run(reporting: &report)
    }
    #expect(!report.release.isEmpty)
    #expect(report.sent.count == 3)
    #expect(report.requestCount >= 5)
  }

  @Test("foreign objects below the prefix are left alone")
  func foreign() throws {
    let other = OtherWriter(site.store)
    try other.put("static/foreign.txt", "theirs")
    try other.put("static/js/app.js", String(repeating: "let x = 1;\n", count: 500))
    try site.publish { $0.keptReleaseCount = 1 }
    #expect(try site.store.objects()["static/foreign.txt"]?.text == "theirs")
    // The same content was sent again because it lacked our fields.
    #expect(try object("js/app.js")?.fields["cache-control"] == "max-age=60, public")
  }

  @Test("keys with every character, which lists return unchanged")
  func keys() async throws {
    let names = [
      "with space.txt", "a+b.txt", "100%.txt", "%41.txt", "é/日本語.txt", "!'()*=&$@,;:.txt",
      "q?#[]{}|^`\"<>.txt", "tab\tand\nline.txt",
    ]
    for name in names { site.source.write(name, to: "odd/\(name)") }
    try await site.collect()
    try site.publish()
    for name in names { #expect(try object("odd/\(name)")?.text == name) }
    #expect(try site.publish().requestCount == 2)
  }

  @Test("a listing of many pages")
  func pages() throws {
    try site.store.setOptions(["page": 2])
    try site.publish()
    let report = try site.publish()
    #expect(report.sent.isEmpty && report.requestCount == 6)
  }

  @Test("entity tags that are not digests: changes are detected by the recorded digests")
  func opaqueTags() async throws {
    try site.store.setOptions(["etag": "opaque"])
    try site.publish()
    #expect(try site.publish().requestCount == 2)
    site.source.write(String(repeating: "let y = 1;\n", count: 500), to: "js/app.js")
    try await site.collect()
    #expect(try site.publish().sent.count == 4)
    #expect(try site.publish(maxAge: 5).updated.count == 3)
    #expect(try site.publish(maxAge: 5).requestCount == 2)
  }

  @Test("without our manifest every object is queried, and none is sent")
  func forgotten() throws {
    try site.publish()
    try OtherWriter(site.store).remove("static/.staticd-publish.json")
    let report = try site.publish()
    #expect(report.sent.isEmpty && report.updated.isEmpty)
    #expect(try site.publish().requestCount == 2)
  }

  @Test("an edited manifest is refused, and nothing is written")
  func editedManifest() throws {
    try site.publish()
    try OtherWriter(site.store).put("static/.staticd-publish.json", "{}")
    _ = try site.store.log()
    #expect {
      try site.publish()
    } throws: { error in
      guard case .input(let line) = error as? StoreError else { return false }
      return line.contains(".staticd-publish.json") && line.contains("s3://bucket/static")
    }
    #expect(try site.writes().isEmpty)
  }

  @Test("a dry run writes nothing, and reports the actions")
  func dryRun() throws {
    let report = try site.publish { $0.isDryRun = true }
    #expect(report.sent.count == 8 && report.isDryRun && report.requestCount == 1)
    #expect(try site.store.objects().isEmpty)
  }

  @Test("files that differ from the manifest are all reported, and nothing is sent")
  func changedFiles() throws {
    site.root.write("edited", to: "js/app.js")
    site.root.remove("css/img/a.png")
    #expect {
      try site.publish()
    } throws: { error in
      guard case .inputs(let lines) = error as? StoreError else { return false }
      return lines.count == 2 && lines.contains { $0.contains("js/app.js") }
        && lines.contains { $0.contains("css/img/a.png") }
        && lines.allSatisfy { $0.contains("collect again") }
    }
    #expect(try site.store.objects().isEmpty)
  }

  @Test("an uncollected or edited root is refused before any request")
  func roots() throws {
    let empty = TemporaryDirectory()
    #expect(throws: StoreError.self) {
      try Publisher(
        PublishOptions(root: BytePath(empty.path), rules: FileRules(FileTable.Options())),
        ObjectStore(try StoreAddress("s3://bucket", endpoint: site.store.endpoint)),
        CollectProgress()
      ).run()
    }
    var text = try #require(site.root.text("staticd.json"))
    text.replace("js/app.js\"", with: "../app.js\"")
    site.root.write(text, to: "staticd.json")
    #expect(throws: StoreError.self) { try site.publish() }
    #expect(try site.store.log().isEmpty)
  }

  @Test("a file larger than the memory limit is sent from disk")
  func largeFile() async throws {
    let bytes = (0..<(5 << 20)).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
    site.source.write(bytes, to: "film.mp4")
    try await site.collect()
    try site.store.setFaults(
      ["method": "PUT", "key": "film", "kind": "status", "status": 503, "code": "SlowDown"]
    )
    let report = try site.publish()
    #expect(try object("film.mp4")?.body == bytes && report.retryCount == 1)
  }
}
