internal import CLinux
internal import Glibc
internal import StaticAssets

/// The directories of one loop whose changes the kernel reports. inotify(7)
///
/// The kernel queues an event before the system call that causes it returns. So reading the queue
/// after a request was received reports every change that was complete before the request.
///
/// Every directory from the root to a watched one is watched, too: a moved parent moves the paths
/// below it. Directories above the root are watched only for being moved themselves.
struct LiveWatches: ~Copyable {
  /// A watched directory.
  struct Watch {
    /// The index of the live directory.
    let root: Int
    /// The path below it; nil for a directory above it.
    let path: [UInt8]?
    /// The kernel's watch descriptor; several watches may share one.
    let number: Int32
    /// The watch of the parent; -1 for none.
    let parent: Int32
    /// The number of entries and watches that depend on it.
    var useCount = 0
  }

  /// The meaning of an event.
  enum Change {
    /// The queue has overflowed: anything may have changed.
    case all
    /// The path of a watched directory no longer refers to it.
    case directory(Int32)
    /// A name in a watched directory was added, removed or changed.
    case name(Int32, [UInt8])
  }

  private(set) var watches: [Watch?] = []
  private let countMax: Int
  private let inotify: Int32
  private let buffer: ByteBuffer
  /// The negative error number of inotify_init1(2); 0 if there is an instance.
  let failure: Int32

  /// At most `countMax` watches; none if `isUsed` is false.
  init(countMax: Int, isUsed: Bool) {
    self.countMax = countMax
    buffer = ByteBuffer(capacity: 65536)
    let result = isUsed ? inotify_init1(Int32(IN_NONBLOCK | IN_CLOEXEC)) : -1
    inotify = result
    failure = isUsed && result < 0 ? -errno : 0
  }

  deinit {
    if inotify >= 0 { _ = close(inotify) }
  }

  /// Whether directories can be watched.
  var isOn: Bool { inotify >= 0 }

  /// The watch of the directory at `path` below `root`; -1 for none.
  func find(_ root: Int, _ path: ArraySlice<UInt8>) -> Int32 {
    let index = watches.firstIndex { watch in
      watch?.root == root && watch?.path?.elementsEqual(path) ?? false
    }
    return Int32(index ?? -1)
  }

  /// Watches the directory `descriptor`; returns the watch, or a negative error number.
  ///
  /// - Parameters:
  ///   - descriptor: a directory, also one opened with O_PATH.
  ///   - root: the index of the live directory.
  ///   - path: the path below it; nil for a directory above it.
  ///   - parent: the watch of the parent; -1 for none.
  ///   - reportsNames: whether names in the directory matter.
  mutating func add(
    _ descriptor: Int32,
    root: Int,
    path: [UInt8]?,
    parent: Int32,
    reportsNames: Bool = true
  ) -> Int32 {
    guard isOn else { return -ENOSYS }
    // Before `freeUnused`, so that the parent is not removed.
    if parent >= 0 { use(parent, by: 1) }
    var index = watches.firstIndex { $0 == nil }
    if index == nil, watches.count >= countMax { index = freeUnused() }
    let hasRoom = index != nil || watches.count < countMax
    let number = hasRoom ? clinux_watch(inotify, descriptor, reportsNames ? 1 : 0) : -Int(ENOSPC)
    guard number >= 0 else {
      if parent >= 0 { use(parent, by: -1) }
      return Int32(number)
    }
    let watch = Watch(root: root, path: path, number: Int32(number), parent: parent)
    guard let index else {
      watches.append(watch)
      return Int32(watches.count - 1)
    }
    watches[index] = watch
    return Int32(index)
  }

  /// Removes a watch that nothing depends on; nil if there is none.
  private mutating func freeUnused() -> Int? {
    let index = watches.firstIndex { watch in
      guard let watch, let path = watch.path else { return false }
      return watch.useCount == 0 && !path.isEmpty
    }
    if let index { remove(Int32(index)) }
    return index
  }

  /// Ends a watch.
  mutating func remove(_ index: Int32) {
    guard let watch = watches[Int(index)] else { return }
    watches[Int(index)] = nil
    if watch.parent >= 0 { watches[Int(watch.parent)]?.useCount -= 1 }
    let isShared = watches.contains { $0?.number == watch.number }
    // Fails when the directory was removed, because the kernel has removed the watch.
    if !isShared { _ = inotify_rm_watch(inotify, watch.number) }
  }

  /// Changes the number of entries that depend on a watch.
  mutating func use(_ index: Int32, by difference: Int) {
    watches[Int(index)]?.useCount += difference
  }

  /// Reads the queue once; returns the bytes read, 0 when it was empty. read(2)
  @inline(always)
  mutating func read() -> Int {
    guard isOn else { return 0 }
    return unsafe max(0, Glibc.read(inotify, buffer.start, buffer.capacity))
  }

  /// The changes in the first `byteCount` bytes that `read` has read.
  func changes(_ byteCount: Int) -> [Change] {
    var changes: [Change] = []
    var offset = 0
    var event = unsafe clinux_change()
    while unsafe clinux_next_change(buffer.start, byteCount, &offset, &event) != 0 {
      guard unsafe event.watch >= 0 else { return [.all] }
      let number = unsafe event.watch
      // The pointer is into `buffer`, which is not modified here.
      let name = unsafe UnsafeRawBufferPointer(start: event.name, count: event.name_count)
      for index in watches.indices where watches[index]?.number == number {
        let isOwn = unsafe event.is_own != 0
        unsafe changes.append(isOwn ? .directory(Int32(index)) : .name(Int32(index), Array(name)))
      }
    }
    return changes
  }
}
