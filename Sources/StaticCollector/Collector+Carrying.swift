internal import StaticAssets

/// What of earlier releases stays beside a new one.
extension Collector {
  /// The files of earlier releases that are to stay beside the planned one.
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

  /// The files of earlier releases that the root has anyway, and that stay.
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
