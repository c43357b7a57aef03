/// The way from the root of a walk to a directory, by which links that lead in circles are noticed.
struct DirectoryTrail {
  /// What a step from one directory into another leads to.
  enum Step {
    case into(DirectoryTrail)
    /// A directory on the way: a circle.
    case circle
    /// More links than a path may go through.
    case tooManyLinks
  }

  /// A few links to directories that link to each other would make millions of paths.
  private static let linkCountMax = 4

  private let identities: [FileIdentity]
  private let linkCount: Int

  /// The way to the root itself.
  init(root: FileIdentity) {
    identities = [root]
    linkCount = 0
  }

  private init(identities: [FileIdentity], linkCount: Int) {
    self.identities = identities
    self.linkCount = linkCount
  }

  /// A step into the directory `identity`, through a link or not.
  func step(into identity: FileIdentity, isLink: Bool) -> Step {
    guard !identities.contains(identity) else { return .circle }
    let linkCount = linkCount + (isLink ? 1 : 0)
    guard linkCount <= Self.linkCountMax else { return .tooManyLinks }
    return .into(DirectoryTrail(identities: identities + [identity], linkCount: linkCount))
  }
}
