/// Where the records of a pack are, and which run used each of them last.
///
/// Kept beside the pack, and only believed for the pack that it names; without it the pack's own
/// headers are read.
struct PackIndex: Sendable {
  /// Where a record is.
  struct Entry: Sendable {
    /// The offset of its header in the pack.
    let offset: Int
    /// Its bytes, the header among them.
    let byteCount: Int
    /// The number of the run that used it last.
    var lastRun: UInt64
  }

  private static let kind: StaticString = "staticd pack index, version 1"

  /// The identifier in the pack's header.
  var pack: [UInt8] = []
  /// The entries describe all of the pack up to here.
  var end = 0
  /// Counts the runs that used the pack.
  var run: UInt64 = 1
  /// The newest record of each content.
  var entries: [ContentKey: Entry] = [:]

  init(pack: [UInt8], end: Int) {
    self.pack = pack
    self.end = end
  }

  /// Reads what `bytes` gave.
  init(_ bytes: [UInt8]) throws(SealedRecordReader.Broken) {
    var record = try SealedRecordReader(bytes, kind: Self.kind)
    pack = try record.text()
    end = Int(truncatingIfNeeded: try record.number())
    run = try record.number()
    let count = try record.number()
    for _ in 0..<count {
      let key = try ContentKey(&record)
      entries[key] = Entry(
        offset: Int(truncatingIfNeeded: try record.number()),
        byteCount: Int(truncatingIfNeeded: try record.number()),
        lastRun: try record.number()
      )
    }
  }

  var bytes: [UInt8] {
    var record = SealedRecordWriter(kind: Self.kind)
    record.add(pack)
    record.add(UInt64(end))
    record.add(run)
    record.add(UInt64(entries.count))
    for (key, entry) in entries.sorted(by: { $0.value.offset < $1.value.offset }) {
      key.add(to: &record)
      record.add(UInt64(entry.offset))
      record.add(UInt64(entry.byteCount))
      record.add(entry.lastRun)
    }
    return record.finish()
  }

  /// The bytes of all records.
  var recordByteCount: Int { entries.values.reduce(0) { $0 + $1.byteCount } }

  /// What stays when the pack may have `byteCountMax` bytes: the records that were used last.
  ///
  /// Where not all have room, a tenth is left free, so that not every run has to choose.
  func kept(byteCountMax: Int) -> [(key: ContentKey, entry: Entry)] {
    let newest = entries.map { (key: $0.key, entry: $0.value) }.sorted {
      ($0.entry.lastRun, $0.entry.offset) > ($1.entry.lastRun, $1.entry.offset)
    }
    guard recordByteCount > byteCountMax else { return newest }
    var room = byteCountMax / 10 * 9
    return newest.filter {
      room -= $0.entry.byteCount
      return room >= 0
    }
  }
}
