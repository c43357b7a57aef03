internal import StaticAssets

extension Publisher {
  /// The files of a release, staged under their final names.
  struct StagedRelease: Sendable {
    /// What is in the place of the release's files and directories, in a root that is cleared.
    var obstacles: [BytePath] = []
    /// Directories that the root lacks; they are renamed with everything in them.
    var directories: [BytePath] = []
    /// Files with names that depend on their content, and their codings.
    var added: [BytePath] = []
    /// Files under their own names.
    var originals: [BytePath] = []
    /// The codings of the originals.
    var variants: [BytePath] = []
    /// Codings of older contents, which are removed.
    var obsolete: [BytePath] = []
    /// Files of older releases and others that are removed once the release is current.
    var pruned: [BytePath] = []

    /// Whether files of the previous release are replaced, so that `staticd.json` must be removed
    /// meanwhile.
    var isReplacing: Bool { !originals.isEmpty || !variants.isEmpty || !obstacles.isEmpty }

    /// Whether there is nothing to publish or remove.
    var isEmpty: Bool {
      obstacles.isEmpty && directories.isEmpty && added.isEmpty && originals.isEmpty
        && variants.isEmpty && obsolete.isEmpty && pruned.isEmpty
    }
  }
}
