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
}

/// What a loop needs to look files up.
struct LiveSetup {
  let limits: LiveLimits
  /// Files that this loop keeps open.
  let entriesMax: Int
  let notices: LiveNotices

  /// The share of one of `loopCount` loops: an eighth of the process's descriptors is for live files,
  /// for connections need the others.
  init(_ limits: LiveLimits, loopCount: Int, _ notices: LiveNotices) {
    self.limits = limits
    self.notices = notices
    entriesMax = max(1, min(limits.entriesMax, DescriptorLimit.current / 8 / max(1, loopCount)))
  }
}
