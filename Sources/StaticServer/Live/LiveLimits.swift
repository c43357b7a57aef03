internal import StaticAssets

/// How much a loop remembers of live directories.
package struct LiveLimits: Sendable {
  /// Files that a loop keeps open, and names that it knows to be missing.
  package var entriesMax = 1024
  /// Directories whose changes the kernel reports to a loop; files in others are looked at again at
  /// each request.
  package var watchesMax = 1024
  /// Whether inotify(7) is used.
  package var usesNotifications = true
  /// Whether openat2(2) is used; without it links are not followed.
  package var usesOpenBelow = true

  package init() {}

  /// The limit of open files in one of `loopCount` loops, with `descriptorCount` descriptors for
  /// the process.
  ///
  /// An eighth of the descriptors is for live files: connections need the others.
  static func entriesMax(_ wanted: Int, loopCount: Int, descriptorCount: Int) -> Int {
    max(1, min(wanted, descriptorCount / 8 / max(1, loopCount)))
  }
}
