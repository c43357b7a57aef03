import TestSupport

@testable import StaticAssets

/// A collected root with one hashed script, its brotli and a delta, written by hand.
struct DeltaRoot {
  let directory = TemporaryDirectory()

  static let script = "app.0123456789ab.js"
  /// The SHA-256 of the dictionary's content.
  static let dictionary = String(repeating: "0123456789abcdef", count: 4)
  static let delta = "\(script).\(dictionary.prefix(12)).dcz"
  /// The same digest as a request field.
  static let offer = "Available-Dictionary: :ASNFZ4mrze8BI0VniavN7wEjRWeJq83vASNFZ4mrze8=:"
  static let accepted = "Accept-Encoding: gzip, deflate, br, zstd, dcb, dcz"

  /// The bytes of the delta: a head and the start of a zstd frame.
  static let coded =
    DictionaryCoding.magic + (DictionaryCoding.bytes(ofDigest: Array(dictionary.utf8)) ?? [])
    + [0x28, 0xB5, 0x2F, 0xFD] + Array(repeating: 0x64, count: 600)

  /// Properties that may be changed before the manifest is written.
  struct Shape {
    var delta = DeltaRoot.coded
    var listedDelta = DeltaRoot.coded
    var dictionary = DeltaRoot.dictionary
    var deltas = 2
    var scriptByteCount = 10_000
    var isListed = true
  }

  init(_ change: (inout Shape) -> Void = { _ in }) {
    var shape = Shape()
    change(&shape)
    directory.write(String(repeating: "s", count: shape.scriptByteCount), to: Self.script)
    directory.write(String(repeating: "b", count: 3000), to: Self.script + ".br")
    directory.write(shape.delta, to: Self.delta)
    directory.write("plain", to: "plain.txt")
    let md5 = String(decoding: MD5Digest.hexadecimal(shape.listedDelta), as: UTF8.self)
    let listed = """
      , {"coding": "dcz", "file": "\(Self.delta)", "bytes": \(shape.listedDelta.count), \
      "md5": "\(md5)", "dictionary": "\(shape.dictionary)"}
      """
    directory.write(
      """
      {"version": 1, "releases": ["a"], "deltas": \(shape.deltas), "files": {
      "\(Self.script)": {"bytes": \(shape.scriptByteCount), "sha256": \
      "\(String(repeating: "f", count: 64))", "type": "text/javascript; charset=\\"utf-8\\"", \
      "cacheControl": "max-age=315360000, public, immutable", "name": "app.js", "release": "a", \
      "codings": [{"coding": "br", "file": "\(Self.script).br", "bytes": 3000, "md5": ""}\
      \(shape.isListed ? listed : "")]}
      }}
      """,
      to: "staticd.json"
    )
  }

  func table(_ options: FileTable.Options = .init()) throws -> FileTable {
    try FileTable(root: directory.path, options: options)
  }
}
