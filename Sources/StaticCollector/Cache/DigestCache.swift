internal import StaticAssets

/// The digests of files by file status, so that an unchanged file is not digested again.
struct DigestCache: Sendable {
  /// The smallest file that is kept, in bytes: digesting a smaller one is as fast as a record.
  private static let byteCountMin: Int64 = 4096
  /// The smallest file of a root that is kept, in bytes: a smaller one is read and compared instead.
  static let rootByteCountMin: Int64 = 65_536

  /// The fields of a file status that differ between any two contents of a file.
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

  /// The digests of the file with this status; nil if they are not known.
  subscript(status: FileStatus) -> ContentDigests? {
    digests.isEmpty ? nil : digests[Key(status)]
  }

  /// Whether no digests are known.
  var isEmpty: Bool { digests.isEmpty }

  /// Stores the digests of a file that is large enough.
  ///
  /// - Parameter noticed: when the status was read, in nanoseconds since 1970. A file changed
  ///   shortly before is not stored, because a later change could leave the same change time.
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

  /// Adds all digests to a record.
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
