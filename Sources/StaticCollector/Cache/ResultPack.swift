internal import Glibc
internal import StaticAssets
internal import Synchronization

/// Records of many contents in one append-only file, with an index beside it.
///
/// Several runs use it at the same time. Nothing is flushed: a record damaged by a crash fails the
/// check of its seal and is skipped.
final class ResultPack: Sendable {
  private static let packName = BytePath("pack")
  private static let indexName = BytePath("pack-index")
  private static let kind = Array("staticd pack 1\n\n".utf8)
  private static let headerByteCount = 32

  /// The number of bytes that are buffered before they are appended.
  private static let pendingByteCountMax = 1 << 18

  private struct State {
    var index: PackIndex
    /// The records that this run used.
    var used: Set<ContentKey> = []
    /// The ranges that this run appended: end offset by start offset.
    var appended: [Int: Int] = [:]
    /// The records that are not yet appended.
    var pending: [UInt8] = []
    var pendingRecords: [(key: ContentKey, byteCount: Int)] = []
    /// Whether the pack has bytes that are not a complete record.
    var isDamaged = false
  }

  private let directory: CacheDirectory
  private let file: PackFile
  private let state: Mutex<State>

  /// Opens the pack in `directory`, and creates one if it is missing or has another format.
  init(_ directory: CacheDirectory) throws(FileError) {
    if !directory.holds(Self.packName) { try Self.make(in: directory) }
    var file = try directory.openPack(Self.packName)
    var header = file.bytes(at: 0, count: Self.headerByteCount) ?? []
    if !header.starts(with: Self.kind) {
      directory.remove(Self.packName)
      try Self.make(in: directory)
      file = try directory.openPack(Self.packName)
      header = file.bytes(at: 0, count: Self.headerByteCount) ?? []
    }
    let pack = Array(header.dropFirst(Self.kind.count))
    let byteCount = Int(try file.status().byteCount)
    var state = State(index: Self.index(of: pack, byteCount, in: directory))
    state.index.run += 1
    Self.scan(file, byteCount, &state)
    self.directory = directory
    self.file = file
    self.state = Mutex(state)
  }

  /// Creates an empty pack, unless another run has created it first.
  private static func make(in directory: CacheDirectory) throws(FileError) {
    try directory.write(kind + identifier(), to: packName, replaces: false)
  }

  private static func identifier() -> [UInt8] {
    (0..<(headerByteCount - kind.count)).map { _ in UInt8.random(in: .min ... .max) }
  }

  private static func index(
    of pack: [UInt8],
    _ byteCount: Int,
    in directory: CacheDirectory
  ) -> PackIndex {
    if let bytes = directory.read(indexName), let index = try? PackIndex(bytes),
      index.pack == pack, index.end <= byteCount
    {
      return index
    }
    return PackIndex(pack: pack, end: headerByteCount)
  }

  /// Adds the records after the end of the index, up to the offset `byteCount`.
  private static func scan(_ file: borrowing PackFile, _ byteCount: Int, _ state: inout State) {
    while state.index.end < byteCount, !state.isDamaged {
      let start = state.index.end
      if let end = state.appended[start] {
        state.index.end = end
        continue
      }
      guard let bytes = file.bytes(at: start, count: PackRecordHeader.byteCount),
        let header = PackRecordHeader(bytes[...]),
        start + PackRecordHeader.byteCount + header.bodyByteCount <= byteCount
      else {
        state.isDamaged = true
        return
      }
      let count = PackRecordHeader.byteCount + header.bodyByteCount
      let entry = PackIndex.Entry(offset: start, byteCount: count, lastRun: state.index.run)
      state.index.entries[header.key] = entry
      state.index.end += count
    }
  }

  /// The record of a content, with its seal unchecked; nil if it is missing or cannot be read.
  func record(of key: ContentKey) -> [UInt8]? {
    let entry = state.withLock { state in
      let entry = state.index.entries[key]
      if entry != nil { state.used.insert(key) }
      return entry
    }
    guard let entry,
      let bytes = file.bytes(at: entry.offset, count: entry.byteCount),
      let header = PackRecordHeader(bytes[...]), header.key == key
    else { return nil }
    return Array(bytes.dropFirst(PackRecordHeader.byteCount))
  }

  /// Adds a record of a content, which replaces an earlier one.
  func append(_ record: [UInt8], of key: ContentKey) throws(FileError) {
    try locked { (state) throws(FileError) in
      let header = PackRecordHeader(key, bodyByteCount: record.count)
      state.pending += header.bytes
      state.pending += record
      let byteCount = PackRecordHeader.byteCount + record.count
      state.pendingRecords.append((key, byteCount))
      state.used.insert(key)
      if state.pending.count >= Self.pendingByteCountMax { try self.appendPending(&state) }
    }
  }

  private func appendPending(_ state: inout State) throws(FileError) {
    guard !state.pending.isEmpty else { return }
    let bytes = state.pending
    let records = state.pendingRecords
    (state.pending, state.pendingRecords) = ([], [])
    let end = try file.append(bytes)
    var offset = end - bytes.count
    state.appended[offset] = end
    for (key, byteCount) in records {
      state.index.entries[key] = PackIndex.Entry(
        offset: offset,
        byteCount: byteCount,
        lastRun: state.index.run
      )
      offset += byteCount
    }
  }

  /// Appends the buffered records, removes old ones, and writes the index.
  ///
  /// - Parameter byteCountMax: the most bytes that the records may take.
  func finish(byteCountMax: Int) throws(FileError) {
    try locked { (state) throws(FileError) in
      try self.appendPending(&state)
      let isChanged = !state.appended.isEmpty || state.isDamaged
      // If every record was used, the order of last use is unchanged.
      guard isChanged || !state.used.isEmpty && state.used.count < state.index.entries.count else {
        return
      }
      // If another run has replaced the pack, the index of that run stays.
      let status = try self.file.status()
      guard self.directory.identity(of: Self.packName) == status.identity else { return }
      Self.scan(self.file, Int(status.byteCount), &state)
      for key in state.used { state.index.entries[key]?.lastRun = state.index.run }
      let live = state.index.recordByteCount
      let isWasteful = state.index.end - Self.headerByteCount > max(2 * live, 1 << 20)
      if state.isDamaged || isWasteful || Int(status.byteCount) > byteCountMax {
        try self.rewrite(&state, byteCountMax)
      }
      try self.directory.write(state.index.bytes, to: Self.indexName, replaces: true)
    }
  }

  /// Writes the kept records to a new pack in their old order.
  private func rewrite(_ state: inout State, _ byteCountMax: Int) throws(FileError) {
    let kept = state.index.kept(byteCountMax: byteCountMax)
    var new = PackIndex(pack: Self.identifier(), end: Self.headerByteCount)
    new.run = state.index.run
    try directory.write(to: Self.packName) { (write) throws(FileError) in
      try write(Self.kind + new.pack)
      for (key, entry) in kept.sorted(by: { $0.entry.offset < $1.entry.offset }) {
        guard let bytes = file.bytes(at: entry.offset, count: entry.byteCount),
          PackRecordHeader(bytes[...])?.key == key
        else { continue }
        try write(bytes)
        new.entries[key] = PackIndex.Entry(
          offset: new.end,
          byteCount: entry.byteCount,
          lastRun: entry.lastRun
        )
        new.end += entry.byteCount
      }
    }
    state.index = new
  }

  /// Passes a typed error out of `withLock`.
  private func locked(
    _ body: (inout State) throws(FileError) -> Void
  ) throws(FileError) {
    var failure: FileError?
    state.withLock { state in
      do throws(FileError) { try body(&state) } catch { failure = error }
    }
    if let failure { throw failure }
  }
}
