import Foundation
import StaticAssets
import TestSupport
import Testing

/// Three releases of a site, and the content of a root after undisturbed runs.
struct ThreeReleases {
  /// Every file of a root that a server may serve, by name, and the names that no server serves.
  typealias Content = [String: [UInt8]]

  /// The sources of the releases A, B and C.
  let sources = (0..<3).map { _ in TemporaryDirectory() }
  /// The content of the root after A, after A and B, after A and C, and after all three.
  private(set) var afterA: Content = [:]
  private(set) var afterAB: Content = [:]
  private(set) var afterAC: Content = [:]
  private(set) var afterABC: Content = [:]

  private let roots = TemporaryDirectory()
  /// The stored codings of each content.
  private var variants: [[UInt8]: [String: [UInt8]]] = [:]

  /// Writes the sources and collects them.
  init() {
    for (index, source) in sources.enumerated() { Self.write(index, to: source) }
    afterA = collected([0], "A")
    afterAB = collected([0, 1], "AB")
    afterAC = collected([0, 2], "AC")
    afterABC = collected([0, 1, 2], "ABC")
    precondition(afterABC.keys.count { $0.hasSuffix(".dcz") } == 3, "no deltas")
    for content in [afterABC, afterAB, afterAC, afterA] {
      for (name, bytes) in content {
        for suffix in [".br", ".gz"] {
          variants[bytes, default: [:]][suffix] = content[name + suffix]
        }
      }
    }
  }

  /// Files that change, stay, are added, are removed, or become smaller than their codings, in
  /// existing and in new directories; and one that is large enough for deltas.
  private static func write(_ release: Int, to source: TemporaryDirectory) {
    func text(_ word: String) -> String { String(repeating: "\(word) {}\n", count: 60) }
    source.write("@import 'd/b.css';\n" + text("a"), to: "a.css")
    source.write(text("b\(release)"), to: "d/b.css")
    source.write(text("stays"), to: "d/stays.css")
    source.write(release == 1 ? "short" : text("long"), to: "short.txt")
    source.write((0..<3000).map { UInt8(truncatingIfNeeded: $0 &* (release + 3)) }, to: "i.png")
    // Large enough for deltas.
    let lines = (0..<400).map { line in
      let word = UInt64(line + 1) &* 0x9E37_79B9_7F4A_7C15
      return "f(\"\(String(word, radix: 36))\", \(line == 7 ? release : 0));\n"
    }
    source.write(lines.joined(), to: "d/large.js")
    source.write(text("only in \(release)"), to: "only\(release)/o.js")
    source.write(text("also in \(release)"), to: "d/only\(release).js")
  }

  private func collected(_ releases: [Int], _ name: String) -> Content {
    let root = roots.path(name)
    for release in releases {
      let result = Command.staticd("collect", sources[release].path, "--root", root, "--no-cache")
      precondition(result.status == 0, result.errors)
    }
    return Self.content(of: root)
  }

  /// Everything in `root`.
  static func content(of root: String) -> Content {
    let found = FileManager.default.enumerator(atPath: root)?.compactMap { $0 as? String } ?? []
    var content: Content = [:]
    for name in found {
      var isDirectory: ObjCBool = false
      let path = "\(root)/\(name)"
      guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
        continue
      }
      if isDirectory.boolValue {
        // Directories of the releases are not listed; the collector's own are.
        if name.hasPrefix(".") { content[name + "/"] = [] }
      } else {
        content[name] = FileManager.default.contents(atPath: path).map(Array.init) ?? []
      }
    }
    return content
  }

  /// The names that differ between the two.
  static func differences(_ one: Content, _ other: Content) -> [String] {
    Set(one.keys).union(other.keys).filter { one[$0] != other[$0] }.sorted()
  }

  /// Makes `root` a copy of the root after release A.
  func restoreA(_ root: String) throws {
    try? FileManager.default.removeItem(atPath: root)
    // With the times, by which a server without our manifest checks codings.
    let result = Command.run(["cp", "-a", roots.path("A"), root])
    try #require(result.status == 0)
  }

  /// Checks that `root` holds one whole release: each file of Django's manifest exists with the
  /// content of its name, and every coding beside a file matches that content.
  func checkIsWhole(_ root: String, _ moment: String) throws {
    let content = Self.content(of: root)
    let manifest = try #require(content["staticfiles.json"], "\(moment)")
    let releases = [afterA, afterAB, afterAC, afterABC]
    let release = try #require(
      releases.first { $0["staticfiles.json"] == manifest },
      "\(moment): no manifest of ours"
    )
    for published in try Self.published(manifest) {
      #expect(content[published] == release[published], "\(moment): \(published)")
      for suffix in [".br", ".gz"] {
        #expect(
          content[published + suffix] == release[published + suffix],
          "\(moment): \(published)"
        )
      }
    }
    // Staged files are never served.
    for (name, bytes) in content where !name.hasPrefix(".") {
      for suffix in [".br", ".gz"] {
        guard let variant = content[name + suffix] else { continue }
        #expect(variants[bytes]?[suffix] == variant, "\(moment): \(name)\(suffix) is of another")
      }
    }
    #expect(try FileTable(root: root).warnings.isEmpty, "\(moment)")
  }

  /// Checks that a newly started server serves every file of the manifest in `root`.
  func checkIsServed(_ root: String, _ moment: String) throws {
    let content = Self.content(of: root)
    let server = RunningServer("--root", root, "--access-log", "off")
    let client = HTTPClient(port: server.port)
    for published in try Self.published(content["staticfiles.json"] ?? []) {
      let plain = try #require(client.get("/static/\(published)"), "\(moment)")
      #expect(plain.status == 200 && plain.body == content[published], "\(moment): \(published)")
      #expect(plain["Cache-Control"]?.contains("immutable") == true, "\(moment): \(published)")
      let small = client.get("/static/\(published)", "Accept-Encoding: br")
      let expected = variants[plain.body]?[".br"] ?? plain.body
      #expect(small?.body == expected, "\(moment): \(published) in brotli")
    }
  }

  /// The published names in the text of Django's manifest.
  static func published(_ manifest: [UInt8]) throws -> [String] {
    let object = try JSONSerialization.jsonObject(with: Data(manifest)) as? [String: Any]
    return try #require(object?["paths"] as? [String: String]).values.sorted()
  }
}
