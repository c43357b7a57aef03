internal import CLinux
internal import Glibc
internal import StaticAssets

/// Following changes of live directories.
extension LiveFiles {
  /// Removes the entries that have changed since the last call.
  @inline(always)
  mutating func readChanges() {
    var byteCount = watches.read()
    while byteCount > 0 {
      for change in watches.changes(byteCount) { apply(change) }
      byteCount = watches.read()
    }
  }

  @inline(never)
  private mutating func apply(_ change: LiveWatches.Change) {
    switch change {
    case .all: forgetAll()
    case .directory(let index):
      guard let watch = watches.watches[Int(index)] else { return }
      forget(watch.root, below: watch.path ?? [])
    case .name(let index, let name):
      guard let watch = watches.watches[Int(index)] else { return }
      guard let directory = watch.path else {
        if name == roots[watch.root].name { lose(watch.root) }
        return
      }
      let path = directory.isEmpty ? name : directory + [UInt8(ascii: "/")] + name
      let hash = cache.hash(path.span, 0..<path.count)
      let entry = cache.find(path.span, 0..<path.count, root: watch.root, hash: hash)
      if entry >= 0 { remove(entry) }
      if watches.find(watch.root, path[...]) >= 0 { forget(watch.root, below: path) }
    }
  }

  /// Removes the entries of the directory `path` below `root`, and all below it; an empty path is
  /// the whole root.
  private mutating func forget(_ root: Int, below path: [UInt8]) {
    guard !path.isEmpty else {
      lose(root)
      return
    }
    let start = path + [UInt8(ascii: "/")]
    let lost = watches.watches.indices.filter { index in
      guard let watch = watches.watches[index], watch.root == root, let own = watch.path else {
        return false
      }
      return own == path || own.starts(with: start)
    }
    let isLost = Set(lost.map { Int32($0) })
    for index in 0..<Int32(cache.capacity)
    where cache[index].isInUse && isLost.contains(cache[index].watch) {
      remove(index)
    }
    for index in lost { watches.remove(Int32(index)) }
  }

  /// Closes a live directory and removes its entries; the next request opens it again.
  mutating func lose(_ root: Int) {
    for index in 0..<Int32(cache.capacity)
    where cache[index].isInUse && Int(cache[index].root) == root {
      remove(index)
    }
    for index in watches.watches.indices where watches.watches[index]?.root == root {
      watches.remove(Int32(index))
    }
    roots[root].close()
  }

  /// Whether the directory of `root` exists; opens it if necessary.
  mutating func isOpen(_ root: Int) -> Bool {
    if roots[root].descriptor >= 0 {
      guard roots[root].isPathChecked, !roots[root].isCurrent else { return true }
      lose(root)
    }
    guard roots[root].open() else { return false }
    watch(root)
    return true
  }

  /// Watches a directory that was just opened, and those above it.
  private mutating func watch(_ root: Int) {
    guard watches.isOn else { return }
    guard clinux_reports_changes(roots[root].descriptor) != 0 else {
      notices.add(.remote(directory: roots[root].directory.directory))
      return
    }
    let own = watches.add(roots[root].descriptor, root: root, path: [], parent: -1)
    guard own >= 0 else {
      notice(own)
      return
    }
    roots[root].watch = own
    guard let parents = roots[root].parents else { return }
    for (number, parent) in parents.enumerated() {
      let flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW | Int32(CLINUX_PATH_ONLY)
      let opened = unsafe parent.withCString { unsafe openat(AT_FDCWD, $0, flags) }
      guard opened >= 0 else { return }
      let result = watches.add(
        opened,
        root: root,
        path: nil,
        parent: -1,
        reportsNames: number == parents.count - 1
      )
      _ = close(opened)
      guard result >= 0 else { return }
    }
    // A change before the watches were added is detected here.
    let flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW | Int32(CLINUX_PATH_ONLY)
    let again = unsafe roots[root].path.withCString { unsafe openat(AT_FDCWD, $0, flags) }
    guard again >= 0 else { return }
    _ = close(again)
    roots[root].isPathChecked = !roots[root].isCurrent
  }

  /// The watch of the directory that has the file `name`; -1 if changes are not reported: then its
  /// path must be resolved at each request.
  mutating func watchDirectory(of name: [UInt8], _ root: Int) -> Int32 {
    var watch = roots[root].watch
    guard watch >= 0, let last = name.lastIndex(of: UInt8(ascii: "/")) else { return watch }
    for end in name.indices where end <= last && name[end] == UInt8(ascii: "/") {
      let known = watches.find(root, name[..<end])
      watch = known >= 0 ? known : add(Array(name[..<end]), root, parent: watch)
      guard watch >= 0 else { return -1 }
    }
    return watch
  }

  private mutating func add(_ path: [UInt8], _ root: Int, parent: Int32) -> Int32 {
    let flags = Int32(CLINUX_PATH_ONLY) | O_DIRECTORY
    let opened = resolve(root, path, flags, false)
    guard opened >= 0 else { return -1 }
    defer { _ = close(Int32(opened)) }
    guard clinux_reports_changes(Int32(opened)) != 0 else { return -1 }
    let watch = watches.add(Int32(opened), root: root, path: path, parent: parent)
    guard watch >= 0 else {
      notice(watch)
      return -1
    }
    // A rename before the directory was watched was not reported.
    let again = resolve(root, path, flags, false)
    defer { if again >= 0 { _ = close(Int32(again)) } }
    var (first, second) = (stat(), stat())
    guard again >= 0, unsafe fstat(Int32(opened), &first) == 0,
      unsafe fstat(Int32(again), &second) == 0, first.st_ino == second.st_ino,
      first.st_dev == second.st_dev
    else {
      watches.remove(watch)
      return -1
    }
    return watch
  }

  private func notice(_ code: Int32) {
    // Without permission or /proc, only these directories are checked at each request.
    if [ENOSPC, EMFILE, ENFILE, ENOMEM].contains(-code) {
      notices.add(.notifications(code: -code))
    }
  }
}
