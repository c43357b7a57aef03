public import StaticAssets

extension CollectOptions {
  /// What `manage.py collectstatic` would do in a project that was asked.
  ///
  /// - Parameters:
  ///   - project: the answer of ``DjangoQuestion/ask(onWait:)``, for the purpose of collecting.
  ///   - root: where to collect to instead of the project's STATIC_ROOT.
  /// - Throws: `usage` where the project has no STATIC_ROOT and no `root` is named.
  public init(_ project: DjangoProject, root: FilePath? = nil) throws(CollectError) {
    guard let root = root ?? project.root else {
      throw .usage("STATIC_ROOT is not set; set it in the settings, or name a root")
    }
    self.init(sources: project.sources, root: root, staticURL: project.staticURL)
    ignored = IgnorePatterns(project.ignored)
    postProcesses = project.hashesNames
    rewritesModules = project.rewritesModules
    keepsOnlyHashed = project.hashesNames && project.keepsOnlyHashed
    skippedExtensions = project.skippedExtensions
    fileMode = project.fileMode
    directoryMode = project.directoryMode
  }
}
