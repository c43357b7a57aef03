internal import CLinux
internal import Glibc
internal import StaticAssets

/// Opening files that are not in the cache.
extension LiveFiles {
  /// The result of opening a path.
  enum Opened {
    case file(Int32, stat)
    case directory
    /// A name that must not be served or does not exist; it does not exist if `isFree`.
    case missing(isFree: Bool)
    /// The path contains a symbolic link.
    case link
    case exhausted
  }

  /// Opens the file `name` below `root`, and adds it to the cache if its changes are detectable.
  ///
  /// - Parameters:
  ///   - hash: the hash of `name` in the cache.
  ///   - isIndex: whether the request is for the directory.
  mutating func open(
    _ root: Int,
    _ name: [UInt8],
    _ hash: UInt64,
    isIndex: Bool = false
  ) -> Step {
    // The watch is added before opening, so that later changes are reported.
    var watch = watchDirectory(of: name, root)
    var opened = open(root, name, followsLinks: watch < 0)
    if case .link = opened, watch >= 0 {
      watch = -1
      opened = open(root, name, followsLinks: true)
    }
    if case .exhausted = opened, cache.count > 0 {
      for index in 0..<Int32(cache.capacity) where cache[index].isInUse { remove(index) }
      opened = open(root, name, followsLinks: watch < 0)
    }
    switch opened {
    case .exhausted: return .exhausted
    case .link: return .missing
    case .missing(let isFree):
      if isFree, watch >= 0 {
        _ = insert(root, name, hash, watch, nil, -1, nil, .max)
      }
      return .missing
    case .directory:
      guard !isIndex else { return .missing }
      return redirect(root, to: name[...], below: name + [UInt8(ascii: "/")])
    case .file(let file, let status):
      if !isIndex, let index = roots[root].indexFile, isNamed(name, index) {
        _ = close(file)
        return redirect(to: Array("./".utf8), root)
      }
      return add(root, name, hash, watch, file, status)
    }
  }

  private func isNamed(_ name: [UInt8], _ index: [UInt8]) -> Bool {
    BytePath(name).lastComponent.bytes == index
  }

  /// Responds with an open file.
  private mutating func add(
    _ root: Int,
    _ name: [UInt8],
    _ hash: UInt64,
    _ watch: Int32,
    _ file: Int32,
    _ status: stat
  ) -> Step {
    guard let site else { return .missing }
    let now = clinux_realtime_nanoseconds()
    let isLocal = clinux_reports_changes(file) != 0
    let freshness = LiveFreshness(FileStatus(status), at: now, isLocal: isLocal)
    let stamp = LiveStamp(status)
    let table = site.table(
      of: Descriptor(owning: file),
      BytePath(name),
      FileStatus(status),
      roots[root].directory.kind,
      freshness
    )
    // Another write may leave the times unchanged: the entity tag is for this response only.
    guard !freshness.isTagFresh else { return answer(once: table, file: file, stamp: stamp) }
    let index = insert(root, name, hash, watch, table, file, stamp, freshness.dateTime)
    answer(from: index)
    return .found
  }

  private mutating func insert(
    _ root: Int,
    _ name: [UInt8],
    _ hash: UInt64,
    _ watch: Int32,
    _ table: FileTable?,
    _ file: Int32,
    _ stamp: LiveStamp?,
    _ validUntil: Int64
  ) -> Int32 {
    let known = cache.find(name.span, 0..<name.count, root: root, hash: hash)
    if known >= 0 { remove(known) }
    while let index = cache.candidate() { remove(index) }
    if watch >= 0 { watches.use(watch, by: 1) }
    return cache.insert(
      name,
      root: root,
      hash: hash,
      watch: watch,
      .init(table: table, file: file, stamp: stamp, validUntil: validUntil)
    )
  }

  /// Redirects to the directory `name` below `root` if it has an index file: `directory` ends with
  /// a slash, or is empty for the root.
  mutating func redirect(
    _ root: Int,
    to name: ArraySlice<UInt8>,
    below directory: [UInt8]
  ) -> Step {
    let slash = UInt8(ascii: "/")
    guard let index = roots[root].indexFile, let last = name.split(separator: slash).last,
      case .file(let file, _) = open(root, directory + index, followsLinks: true)
    else { return .missing }
    _ = close(file)
    return redirect(to: PercentEncoding.segment(last) + [slash], root)
  }

  private mutating func redirect(to location: [UInt8], _ root: Int) -> Step {
    guard let site else { return .missing }
    let table = site.redirect(to: location, roots[root].directory.kind)
    return answer(once: table, file: -1, stamp: nil)
  }

  /// Opens `name` below `root`, if it is a regular file.
  ///
  /// Its type is checked before it is opened, because opening a device or a FIFO has side effects.
  private func open(_ root: Int, _ name: [UInt8], followsLinks: Bool) -> Opened {
    for _ in 0..<4 {
      let path = resolve(root, name, Int32(CLINUX_PATH_ONLY), followsLinks)
      guard path >= 0 else { return Self.refusal(Int32(-path)) }
      var status = stat()
      let result = unsafe fstat(Int32(path), &status)
      _ = close(Int32(path))
      guard result == 0 else { return .missing(isFree: false) }
      if status.st_mode & S_IFMT == S_IFDIR { return .directory }
      guard status.st_mode & S_IFMT == S_IFREG else { return .missing(isFree: false) }
      let flags = O_RDONLY | O_NONBLOCK | O_NOCTTY
      let file = resolve(root, name, flags, followsLinks)
      guard file >= 0 else { return Self.refusal(Int32(-file)) }
      var opened = stat()
      if unsafe fstat(Int32(file), &opened) == 0, opened.st_ino == status.st_ino,
        opened.st_dev == status.st_dev, opened.st_mode & S_IFMT == S_IFREG
      {
        return .file(Int32(file), opened)
      }
      // The name was replaced meanwhile.
      _ = close(Int32(file))
    }
    return .missing(isFree: false)
  }

  private static func refusal(_ code: Int32) -> Opened {
    switch code {
    case ENOENT: .missing(isFree: true)
    case ELOOP: .link
    case EMFILE, ENFILE, ENOMEM, EIO: .exhausted
    default: .missing(isFree: false)
    }
  }

  /// A descriptor of `name` below `root`, or a negative error number.
  func resolve(_ root: Int, _ name: [UInt8], _ flags: Int32, _ followsLinks: Bool) -> Int {
    let directory = roots[root].descriptor
    return unsafe BytePath(name).withCString { path in
      opensBelow
        ? unsafe clinux_open_below(directory, path, flags, followsLinks ? 1 : 0)
        : unsafe clinux_walk_below(directory, path, flags)
    }
  }

  /// Whether the path of the entry at `index` still names its file, as it was.
  func isResolved(_ index: Int32) -> Bool {
    let entry = cache[index]
    let name = cache.path(of: index)
    let path = resolve(Int(entry.root), name, Int32(CLINUX_PATH_ONLY), true)
    guard path >= 0, let stamp = entry.stamp else { return false }
    defer { _ = close(Int32(path)) }
    return stamp.isCurrent(Int32(path))
  }
}
