import Foundation
import StaticAssets
import StaticCollector
import TestSupport
import Testing

/// A delta is never wrong, whatever was published, pruned, lost and edited before.
///
/// Every content ever published is offered as a dictionary for every file: the response must decode
/// with exactly that content to the file.
@Suite struct DeltaPropertyTests {
  private struct Known {
    var contents: [String: [UInt8]] = [:]
    var decoded: [[UInt8]: [UInt8]] = [:]
    var deltaCount = 0
  }

  @Test("random releases", arguments: [UInt64(1), 2, 3, 4, 5, 6])
  func releases(seed: UInt64) async throws {
    var generator = SplitMix64(seed: seed)
    let tree = DeltaTree()
    var known = Known()
    var changed: [Int: Set<Int>] = [:]
    for _ in 0..<7 {
      for file in 0..<4 where Bool.random(using: &generator) || changed[file] == nil {
        let line = Int.random(in: 0..<400, using: &generator)
        changed[file, default: []].formSymmetricDifference([line])
        tree.source.write(
          DeltaTree.script(UInt64(file), changed: changed[file] ?? []),
          to: "js/\(file).js"
        )
      }
      damage(tree, &generator)
      let (kept, deltas) = (
        Int.random(in: 1...4, using: &generator), Int.random(in: 0...3, using: &generator)
      )
      _ = try await tree.collect {
        $0.keptReleaseCount = kept
        $0.deltaReleaseCount = deltas
      }
      try remember(tree, &known)
      try verify(tree, &known)
      damage(tree, &generator)
      try verify(tree, &known)
    }
    #expect(known.deltaCount > 0)
  }

  /// Removes or edits some files of the root: deltas and whole contents, including those of this
  /// release.
  private func damage(_ tree: DeltaTree, _ generator: inout SplitMix64) {
    for name in tree.root.files()
    where !name.hasSuffix(".json") && Int.random(in: 0..<12, using: &generator) == 0 {
      guard var bytes = tree.root.read(name), !bytes.isEmpty else { continue }
      switch Int.random(in: 0..<4, using: &generator) {
      case 0: tree.root.remove(name)
      case 1: tree.root.write(bytes.dropLast(), to: name)
      case 2: tree.root.write(bytes.reversed(), to: name)
      default:
        bytes[Int.random(in: 0..<bytes.count, using: &generator)] ^= 1
        tree.root.write(bytes, to: name)
      }
    }
  }

  /// Adds the currently published contents that match their records.
  private func remember(_ tree: DeltaTree, _ known: inout Known) throws {
    for (name, file) in try tree.manifest().files {
      guard let bytes = tree.root.read(name), sha256(tree.root.path(name)) == file.sha256 else {
        continue
      }
      known.contents[file.sha256] = bytes
    }
  }

  private func sha256(_ path: String) -> String {
    String(Command.run(["sha256sum", path]).output.prefix(64))
  }

  /// Requests every file with every dictionary.
  private func verify(_ tree: DeltaTree, _ known: inout Known) throws {
    let manifest = try tree.manifest()
    let table = try FileTable(root: tree.root.path)
    for (name, file) in manifest.files where name != file.name {
      for (digest, dictionary) in known.contents {
        guard let delta = delta(name, from: digest, table) else { continue }
        known.deltaCount += 1
        let decoded =
          known.decoded[delta] ?? DeltaTree.decode(delta, dictionary: dictionary, digest: digest)
        known.decoded[delta] = decoded
        let isRight = decoded != nil && decoded == known.contents[file.sha256]
        #expect(isRight, "\(name) from \(digest)")
      }
    }
  }

  /// The response of `table` if it is a delta.
  private func delta(_ name: String, from digest: String, _ table: FileTable) -> [UInt8]? {
    let offer = Data(DeltaTree.bytes(ofDigest: digest)).base64EncodedString()
    var request = ParsedRequest(method: "GET", target: "/static/\(name)")
    request?.add("Accept-Encoding", "br, dcz")
    request?.add("Available-Dictionary", ":\(offer):")
    guard let response = request.flatMap({ table.response(to: $0) }),
      response.fields.contains(where: { $0.name == "Content-Encoding" && $0.value == "dcz" }),
      case .memory(let slice)? = response.body.first
    else { return nil }
    return table.withBytes(of: slice) { span in (0..<span.count).map { span[$0] } }
  }
}
