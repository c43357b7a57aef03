internal import StaticAssets

extension Publisher {
  /// The files of a release, staged under the names that they will have.
  struct StagedRelease: Sendable {
    /// What is where files and directories of the release have to be, in a root that is cleared.
    var obstacles: [BytePath] = []
    /// Directories that the root does not have: they come with all that is in them.
    var directories: [BytePath] = []
    /// Files with names that change with their content, and their codings.
    var added: [BytePath] = []
    /// Files under their own names.
    var originals: [BytePath] = []
    /// The codings of those.
    var variants: [BytePath] = []
    /// Codings of older contents, which go.
    var obsolete: [BytePath] = []
    /// Files of older releases, and what else goes when the release is the current one.
    var pruned: [BytePath] = []

    /// Whether files of the release before are replaced, for which our manifest has to go for a
    /// moment.
    var isReplacing: Bool { !originals.isEmpty || !variants.isEmpty || !obstacles.isEmpty }

    /// Whether there is nothing to publish or to remove.
    var isEmpty: Bool {
      obstacles.isEmpty && directories.isEmpty && added.isEmpty && originals.isEmpty
        && variants.isEmpty && obsolete.isEmpty && pruned.isEmpty
    }
  }
}
