/// The location of each record in a pack, and the last run that used it.
///
/// It is stored beside the pack and valid only for the pack whose identifier it holds; without it,
/// the record headers in the pack are read.
struct PackIndex: Sendable {
  /// The location of a record.
  struct Entry: Sendable {
    /// The offset of its header in the pack.
    let offset: Int
    /// The record's size in bytes, including the header.
    let byteCount: Int
    /// The number of the last run that used it.
    var lastRun: UInt64
  }

  private static let kind: StaticString = "staticd pack index, version 1"

  /// The identifier in the pack's header.
  var pack: [UInt8] = []
  /// The offset up to which the entries describe the pack.
  var end = 0
  /// The number of the current run, by which uses are ordered.
  var run: UInt64 = 1
  /// The newest record of each content.
  var entries: [ContentKey: Entry] = [:]

  init(pack: [UInt8], end: Int) {
    self.pack = pack
    self.end = end
  }

  /// Reads what `bytes` returned.
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

  /// The size of all records in bytes.
  var recordByteCount: Int { entries.values.reduce(0) { $0 + $1.byteCount } }

  /// The records to keep if the pack may have `byteCountMax` bytes: the most recently used ones.
  ///
  /// If they do not all fit, a tenth is left free, so that not every run has to rewrite the pack.
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
