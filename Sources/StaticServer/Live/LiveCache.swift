internal import Glibc
internal import StaticAssets

/// The files and missing names of one loop's live directories, by path: a hash table with chains
/// and a fixed number of entries.
///
/// A lookup neither allocates nor counts references. Unsafe invariant: `entries` points to
/// `capacity` initialised values until `deinit`. An entry in use owns its path and its table, which
/// owns the descriptor; `remove` releases both.
@safe struct LiveCache: ~Copyable {
  /// One name.
  @safe struct Entry {
    fileprivate var hash: UInt64 = 0
    fileprivate var path = OwnedBytes.none
    fileprivate var next: Int32 = -1
    fileprivate(set) var isInUse = false
    /// Whether it was found since the clock hand passed it.
    fileprivate var isRecent = false
    /// The index of the live directory.
    fileprivate(set) var root: Int32 = 0
    /// The watch that reports changes; -1 if the path must be resolved again at each request.
    fileprivate(set) var watch: Int32 = -1
    /// The table of the file; nil when there is none.
    fileprivate(set) var table: Unmanaged<FileTable>?
    fileprivate(set) var file: Int32 = -1
    fileprivate(set) var stamp: LiveStamp?
    /// The time in nanoseconds since 1970 at which the head changes, although the file does not.
    fileprivate(set) var validUntil = Int64.max
  }

  /// The values of a new entry.
  struct Content {
    let table: FileTable?
    let file: Int32
    let stamp: LiveStamp?
    let validUntil: Int64
  }

  let capacity: Int
  private(set) var count = 0

  private let entries: UnsafeMutablePointer<Entry>
  /// The first entry of each chain; -1 for none.
  private var chains: [Int32]
  private var free: [Int32]
  /// The clock hand: the position of the search for an entry to replace.
  private var hand = 0
  private let seed: UInt64

  init(capacity: Int) {
    self.capacity = capacity
    unsafe entries = .allocate(capacity: capacity)
    unsafe entries.initialize(repeating: Entry(), count: capacity)
    var chainCount = 16
    while chainCount < capacity { chainCount *= 2 }
    chains = Array(repeating: -1, count: chainCount)
    free = (0..<Int32(capacity)).reversed()
    // Secret, because clients choose the names.
    seed = .random(in: .min ... .max)
  }

  deinit {
    for index in 0..<Int32(capacity) where self[index].isInUse { release(index) }
    unsafe entries.deallocate()
  }

  subscript(index: Int32) -> Entry {
    @inline(always)
    get {
      precondition(index >= 0 && Int(index) < capacity)
      return unsafe entries[Int(index)]
    }
  }

  /// The path of the entry at `index`.
  func path(of index: Int32) -> [UInt8] {
    let path = self[index].path
    return unsafe Array(UnsafeRawBufferPointer(start: path.start, count: path.count))
  }

  /// The hash of a path, for `find` and `insert`.
  func hash(_ path: Span<UInt8>, _ range: Range<Int>) -> UInt64 {
    PathHash.of(path, range, seed: seed)
  }

  /// The index of the entry with the path in `range` of `path` below `root`; -1 for none.
  mutating func find(_ path: Span<UInt8>, _ range: Range<Int>, root: Int, hash: UInt64) -> Int32 {
    precondition(range.upperBound <= path.count)
    var index = chains[Int(truncatingIfNeeded: hash) & (chains.count - 1)]
    while index >= 0 {
      if isEntry(index, path, range, root, hash) {
        unsafe entries[Int(index)].isRecent = true
        return index
      }
      index = unsafe entries[Int(index)].next
    }
    return -1
  }

  private func isEntry(
    _ index: Int32,
    _ path: Span<UInt8>,
    _ range: Range<Int>,
    _ root: Int,
    _ hash: UInt64
  ) -> Bool {
    let entry = unsafe entries[Int(index)]
    guard entry.hash == hash, Int(entry.root) == root, entry.path.count == range.count else {
      return false
    }
    guard let start = unsafe entry.path.start else { return range.isEmpty }
    return unsafe path.withUnsafeBytes { bytes in
      guard let first = bytes.baseAddress else { return false }
      return unsafe memcmp(start, first + range.lowerBound, range.count) == 0
    }
  }

  /// Adds an entry, for which there must be room, and returns its index.
  mutating func insert(
    _ path: [UInt8],
    root: Int,
    hash: UInt64,
    watch: Int32,
    _ content: Content
  ) -> Int32 {
    guard let index = free.popLast() else { preconditionFailure("`makeRoom` comes first") }
    let chain = Int(truncatingIfNeeded: hash) & (chains.count - 1)
    var entry = Entry()
    entry.hash = hash
    entry.path = unsafe path.withUnsafeBytes { bytes in
      guard let start = bytes.baseAddress else { return .none }
      return unsafe OwnedBytes(copying: start, count: bytes.count)
    }
    entry.next = chains[chain]
    entry.isInUse = true
    entry.root = Int32(root)
    entry.watch = watch
    unsafe entry.table = content.table.map { unsafe Unmanaged.passRetained($0) }
    entry.file = content.file
    entry.stamp = content.stamp
    entry.validUntil = content.validUntil
    unsafe entries[Int(index)] = entry
    chains[chain] = index
    count += 1
    return index
  }

  /// The entry to remove before the next `insert`; nil when there is room.
  ///
  /// The clock hand skips entries that were found since it last passed them.
  mutating func candidate() -> Int32? {
    guard free.isEmpty else { return nil }
    while true {
      let index = hand
      hand = (hand + 1) % capacity
      guard unsafe entries[index].isInUse else { continue }
      guard unsafe entries[index].isRecent else { return Int32(index) }
      unsafe entries[index].isRecent = false
    }
  }

  /// Removes an entry; its file is closed.
  mutating func remove(_ index: Int32) {
    let entry = self[index]
    precondition(entry.isInUse)
    let chain = Int(truncatingIfNeeded: entry.hash) & (chains.count - 1)
    if chains[chain] == index {
      chains[chain] = entry.next
    } else {
      var before = chains[chain]
      while unsafe entries[Int(before)].next != index {
        before = unsafe entries[Int(before)].next
      }
      unsafe entries[Int(before)].next = entry.next
    }
    release(index)
    unsafe entries[Int(index)] = Entry()
    free.append(index)
    count -= 1
  }

  /// Releases the path and the table of an entry in use.
  private func release(_ index: Int32) {
    unsafe entries[Int(index)].path.free()
    // Not by optional chaining in place, which crashes the compiler with the thread sanitizer.
    if let table = unsafe self[index].table { unsafe table.release() }
  }
}
