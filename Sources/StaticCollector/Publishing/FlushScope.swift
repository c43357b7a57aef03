internal import StaticAssets

/// What must be on disk before a release is published.
enum FlushScope: Equatable {
  /// Everything written to the file system, by any process: one call, and the kernel orders the
  /// writes. syncfs(2)
  case fileSystem
  /// The files of the release and their directories, one by one. fsync(2)
  ///
  /// Waiting for the writes of other processes can take minutes.
  case ownFiles

  /// The unwritten bytes of other processes up to which syncfs is used: a slow disk writes them in
  /// about a second.
  private static let othersByteCountMax = 64 << 20

  /// - Parameters:
  ///   - unwrittenByteCount: the bytes that the machine has yet to write to disk; nil if unknown.
  ///   - ownByteCount: the most of these bytes that this run wrote.
  static func choose(unwrittenByteCount: Int?, ownByteCount: Int) -> FlushScope {
    guard let unwrittenByteCount else { return .ownFiles }
    let others = unwrittenByteCount - ownByteCount
    return others > othersByteCountMax ? .ownFiles : .fileSystem
  }

  /// The bytes that the machine has yet to write to disk, from the text of `/proc/meminfo`.
  ///
  /// The sum of `Dirty` and `Writeback`, which are in kB. Source: proc(5)
  static func unwrittenByteCount(_ text: String) -> Int? {
    var sum: Int?
    for line in text.split(separator: "\n") {
      let words = line.split(separator: " ")
      guard words.count == 3, words[0] == "Dirty:" || words[0] == "Writeback:" else { continue }
      guard let count = Int(words[1]), count >= 0, count < 1 << 40 else { return nil }
      sum = (sum ?? 0) + count << 10
    }
    return sum
  }

  /// The scope to use now.
  static func current(ownByteCount: Int) -> FlushScope {
    let path: BytePath = "/proc/meminfo"
    let file = try? Descriptor.open(path, flags: FileFlags.read)
    let bytes = try? file?.readAll(path: path)
    return choose(
      unwrittenByteCount: bytes.flatMap { unwrittenByteCount(String(decoding: $0, as: UTF8.self)) },
      ownByteCount: ownByteCount
    )
  }
}
