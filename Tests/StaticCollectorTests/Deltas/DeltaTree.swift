import Foundation
import StaticAssets
import StaticCollector
import TestSupport

/// A tree whose releases are collected with deltas.
final class DeltaTree: Sendable {
  let tree = CollectedTree()

  var source: TemporaryDirectory { tree.source }
  var root: TemporaryDirectory { tree.root }

  /// The content of `staticd.json`.
  struct Manifest: Decodable {
    struct File: Decodable {
      let name: String
      let sha256: String
      let release: String
      let codings: [Coding]

      var deltas: [Coding] { codings.filter { $0.coding == "dcz" } }
    }
    struct Coding: Decodable {
      let coding: String
      let file: String
      let bytes: Int
      let md5: String
      let dictionary: String?
    }
    let deltas: Int?
    let releases: [String]
    let files: [String: File]
  }

  func collect(_ change: (inout CollectOptions) -> Void = { _ in }) async throws -> CollectReport {
    try await tree.report {
      $0.codings = [.brotli, .gzip, .dictionaryZstandard]
      $0.isFlushed = false
      change(&$0)
    }
  }

  func manifest() throws -> Manifest {
    try JSONDecoder().decode(Manifest.self, from: Data(root.read("staticd.json") ?? []))
  }

  /// The published name of a file.
  func published(_ name: String) throws -> String {
    guard let published = try tree.paths()[name] else { throw CocoaError(.fileNoSuchFile) }
    return published
  }

  /// The delta files (`dcz`) in the root.
  var deltaFiles: [String] { root.files().filter { $0.hasSuffix(".dcz") } }

  /// A script that does not compress well: `lineCount` lines, with the lines in `changed` replaced.
  static func script(_ seed: UInt64, lineCount: Int = 400, changed: Set<Int> = []) -> String {
    (0..<lineCount).map { line in
      var generator = SplitMix64(
        seed: seed << 20 + UInt64(line) << 1 + (changed.contains(line) ? 1 : 0)
      )
      return "f(\"\(String(generator.next(), radix: 36))\", \(generator.next() % 1000));\n"
    }.joined()
  }

  /// The decoded delta, by the `zstd` command; nil if decoding fails, or if its head differs.
  static func decode(_ delta: [UInt8], dictionary: [UInt8], digest: String) -> [UInt8]? {
    let head: [UInt8] = [0x5E, 0x2A, 0x4D, 0x18, 0x20, 0, 0, 0]
    guard delta.starts(with: head),
      delta.dropFirst(8).prefix(32).elementsEqual(bytes(ofDigest: digest))
    else { return nil }
    let scratch = TemporaryDirectory()
    scratch.write(dictionary, to: "old")
    scratch.write(delta.dropFirst(40), to: "frame.zst")
    let result = Command.run([
      "zstd", "-d", "-q", "--patch-from=\(scratch.path("old"))", scratch.path("frame.zst"), "-o",
      scratch.path("new"),
    ])
    return result.status == 0 ? scratch.read("new") : nil
  }

  static func bytes(ofDigest digest: String) -> [UInt8] {
    let digits = Array(digest.utf8)
    return stride(from: 0, to: digits.count, by: 2).map { index in
      UInt8(String(decoding: digits[index..<index + 2], as: UTF8.self), radix: 16) ?? 0
    }
  }
}
