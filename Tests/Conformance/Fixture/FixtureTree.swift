import Foundation

/// The files that a server under test serves below its prefix.
///
/// The same bytes on every machine; modification times are fixed and long ago, so that they make
/// strong validators (RFC 9110 §8.8.2.2).
public enum FixtureTree {
  /// The modification time of every file: 2024-02-29 12:34:56 UTC.
  static let modified = Date(timeIntervalSince1970: 1_709_210_096)

  /// One file.
  struct File: Sendable {
    /// The name below the prefix, not percent-encoded.
    let name: String
    let content: [UInt8]
    /// The stored codings by their file suffix, as `br` and `gz`.
    var codings: [String: [UInt8]] = [:]
  }

  /// The file that is 1000 bytes long and has no codings: the one for ranges and conditions.
  static let plain = File(name: "plain.txt", content: lines(1000))

  static let files: [File] = [
    plain,
    File(
      name: "text.txt",
      content: repeating("All work and no play makes a dull file.\n"),
      codings: ["br": StoredCodings.textBrotli, "gz": StoredCodings.textGzip]
    ),
    // The brotli form is not compressed well, so that gzip is smaller.
    File(
      name: "smaller-gzip.css",
      content: repeating("body { margin: 0; padding: 0 }\n"),
      codings: ["br": StoredCodings.styleBrotli, "gz": StoredCodings.styleGzip]
    ),
    File(
      name: "only-gzip.js",
      content: repeating("body { margin: 0; padding: 0 }\n"),
      codings: ["gz": StoredCodings.styleGzip]
    ),
    File(name: "empty.txt", content: []),
    File(name: "one.bin", content: [0x42]),
    File(name: "large.bin", content: pattern(65537)),
    File(name: "huge.bin", content: pattern(3 << 20)),
    File(name: "index.html", content: Array("<!doctype html><title>x</title>\n".utf8)),
    File(name: "app.css", content: Array("a{}\n".utf8)),
    File(name: "app.0123456789ab.css", content: Array("a{}\n".utf8)),
    File(name: "staticfiles.json", content: Array(manifest.utf8)),
    File(name: "nested/deep/er/file.json", content: Array("{}\n".utf8)),
    File(name: "no-extension", content: pattern(10)),
    File(name: "with space.txt", content: Array("space\n".utf8)),
    // Must not be decoded twice: its URL is `percent%2541.txt`.
    File(name: "percent%41.txt", content: Array("percent\n".utf8)),
    File(name: "percentA.txt", content: Array("decoded twice\n".utf8)),
    File(name: "\u{FC}n\u{EF}-\u{540D}.txt", content: Array("unicode\n".utf8)),
    File(name: "plus+sign&semi;colon=~.txt", content: Array("plus\n".utf8)),
    File(name: ".hidden", content: Array("hidden\n".utf8)),
    File(name: ".well-known/shown.txt", content: Array("shown\n".utf8)),
  ]

  /// The file `name`, which must be one of `files`.
  static func file(_ name: String) -> File {
    guard let file = files.first(where: { $0.name == name }) else {
      preconditionFailure("no fixture is called \(name)")
    }
    return file
  }

  /// Writes the tree into `directory`, which is created if it is missing.
  ///
  /// - Throws: Foundation's error if a file cannot be written.
  public static func write(to directory: String) throws {
    for file in files {
      try write(file.content, to: "\(directory)/\(file.name)")
      for (suffix, bytes) in file.codings {
        try write(bytes, to: "\(directory)/\(file.name).\(suffix)")
      }
    }
  }

  private static func write(_ bytes: [UInt8], to path: String) throws {
    let url = URL(fileURLWithPath: path)
    let manager = FileManager.default
    try manager.createDirectory(
      at: url.deletingLastPathComponent(),
      withIntermediateDirectories: true
    )
    try Data(bytes).write(to: url)
    try manager.setAttributes([.modificationDate: modified], ofItemAtPath: path)
  }

  /// Django's manifest, which marks the hashed name as immutable.
  private static let manifest =
    #"{"paths": {"app.css": "app.0123456789ab.css"}, "version": "1.1", "hash": ""}"#

  private static func repeating(_ line: String) -> [UInt8] {
    Array(String(repeating: line, count: 60).utf8)
  }

  /// Numbered lines, so that a shifted byte is detected.
  private static func lines(_ count: Int) -> [UInt8] {
    Array((0..<count).map { "line \($0)\n" }.joined().utf8.prefix(count))
  }

  /// Bytes of every value that differ from position to position.
  private static func pattern(_ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8 &* 7) }
  }
}
