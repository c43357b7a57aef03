internal import StaticAssets

/// What has to be on the disk before a release is published.
enum FlushScope: Equatable {
  /// All that was written to the file system, by whomever: one call, and the kernel puts the writes in
  /// order. syncfs(2)
  case fileSystem
  /// The files of the release and their directories, one by one: others may have written so much that
  /// waiting for it takes minutes. fsync(2)
  case ownFiles

  /// So many bytes of others are on a slow disk in a second.
  private static let othersByteCountMax = 64 << 20

  /// - Parameters:
  ///   - unwrittenByteCount: what the machine has yet to write to its disks; nil if that is not known.
  ///   - ownByteCount: how many bytes of it are ours at most.
  static func choose(unwrittenByteCount: Int?, ownByteCount: Int) -> FlushScope {
    guard let unwrittenByteCount else { return .ownFiles }
    let others = unwrittenByteCount - ownByteCount
    return others > othersByteCountMax ? .ownFiles : .fileSystem
  }

  /// What the machine has yet to write to its disks, from the text of `/proc/meminfo`: `Dirty` and
  /// `Writeback`, in kB. Source: proc(5)
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

  /// The scope at this moment.
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
