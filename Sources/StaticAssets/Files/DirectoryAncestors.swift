/// The directories from the root of a walk to the current one; used to detect cycles of links.
struct DirectoryAncestors {
  /// The result of entering a directory.
  enum Step {
    case into(DirectoryAncestors)
    /// The directory is its own ancestor.
    case cycle
    /// The path would contain more than `linkCountMax` links to directories.
    case tooManyLinks
  }

  // Without a limit, a few directories with links to each other would have millions of paths.
  private static let linkCountMax = 4

  private let identities: [FileIdentity]
  private let linkCount: Int

  /// The root itself.
  init(root: FileIdentity) {
    identities = [root]
    linkCount = 0
  }

  private init(identities: [FileIdentity], linkCount: Int) {
    self.identities = identities
    self.linkCount = linkCount
  }

  /// Enters the directory `identity`, through a link or not.
  func step(into identity: FileIdentity, isLink: Bool) -> Step {
    guard !identities.contains(identity) else { return .cycle }
    let linkCount = linkCount + (isLink ? 1 : 0)
    guard linkCount <= Self.linkCountMax else { return .tooManyLinks }
    return .into(DirectoryAncestors(identities: identities + [identity], linkCount: linkCount))
  }
}
