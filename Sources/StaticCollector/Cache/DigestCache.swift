internal import StaticAssets

/// The digests of large files, by what the kernel says of them, so that a file that has not changed
/// is not read again.
struct DigestCache: Sendable {
  /// Smaller files are read as fast as they are looked up.
  static let byteCountMin: Int64 = 65_536

  /// What no two contents of a file have in common.
  private struct Key: Hashable {
    let identity: FileIdentity
    let byteCount: Int64
    let modifiedNanoseconds: Int64
    let changedNanoseconds: Int64

    init(_ status: FileStatus) {
      identity = status.identity
      byteCount = status.byteCount
      modifiedNanoseconds = status.modifiedNanoseconds
      changedNanoseconds = status.changedNanoseconds
    }

    init(_ record: inout SealedRecordReader) throws(SealedRecordReader.Broken) {
      identity = FileIdentity(device: try record.number(), inode: try record.number())
      byteCount = Int64(bitPattern: try record.number())
      modifiedNanoseconds = Int64(bitPattern: try record.number())
      changedNanoseconds = Int64(bitPattern: try record.number())
    }

    func add(to record: inout SealedRecordWriter) {
      record.add(identity.device)
      record.add(identity.inode)
      record.add(UInt64(bitPattern: byteCount))
      record.add(UInt64(bitPattern: modifiedNanoseconds))
      record.add(UInt64(bitPattern: changedNanoseconds))
    }
  }

  private var digests: [Key: ContentDigests] = [:]

  init() {}

  /// The digests of the file with this status, if they are known.
  subscript(status: FileStatus) -> ContentDigests? {
    digests.isEmpty ? nil : digests[Key(status)]
  }

  /// Remembers the digests of a large file.
  ///
  /// - Parameter noticed: when the file was looked at, nanoseconds since 1970. One that was changed
  ///   shortly before might change once more without showing it.
  mutating func note(_ status: FileStatus, _ known: ContentDigests, noticed: Int64) {
    guard status.byteCount >= Self.byteCountMin,
      status.changedNanoseconds < noticed - Fingerprint.settlingNanoseconds
    else { return }
    digests[Key(status)] = known
  }

  /// Reads what `add(to:)` wrote.
  init(_ record: inout SealedRecordReader) throws(SealedRecordReader.Broken) {
    for _ in 0..<(try record.number()) {
      let key = try Key(&record)
      digests[key] = ContentDigests(
        md5: try record.text(),
        sha256: try record.text(),
        integrity: try record.text()
      )
    }
  }

  /// Adds everything to a record.
  func add(to record: inout SealedRecordWriter) {
    record.add(UInt64(digests.count))
    for (key, known) in digests {
      key.add(to: &record)
      record.add(known.md5)
      record.add(known.sha256)
      record.add(known.integrity)
    }
  }
}
