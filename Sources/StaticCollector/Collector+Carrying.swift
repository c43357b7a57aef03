internal import StaticAssets

/// The earlier releases that stay beside a new one.
extension Collector {
  /// The files of earlier releases that stay beside the planned release.
  func carried(by plan: ReleasePlan) async throws(CollectError) -> CarriedFiles {
    guard !options.earlierReleases.isEmpty else { return CarriedFiles() }
    let wanted = CarriedFiles.Wanted(
      label: DjangoManifestText(plan.paths).hash,
      keptCount: options.keptReleaseCount,
      names: plan.names.union(namesInRoot()),
      jobs: options.jobCount
    )
    return try await CarriedFiles(options.earlierReleases, wanted)
  }

  /// The files of earlier releases that are in the root and stay there.
  private func namesInRoot() -> [BytePath] {
    guard !options.clearsRoot, let root = try? Directory(options.root, shownAs: options.root) else {
      return []
    }
    return ReleaseHistory(root).files.filter { file in
      let status = (try? root.status(of: file.name)) ?? nil
      return status?.isRegular == true && status?.byteCount == Int64(file.byteCount)
    }.map(\.name)
  }
}
