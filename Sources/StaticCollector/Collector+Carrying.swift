/// What of earlier releases stays beside a new one.
extension Collector {
  /// The files of earlier releases that are to stay beside the planned one.
  func carried(by plan: ReleasePlan) async throws(CollectError) -> CarriedFiles {
    guard !options.earlierReleases.isEmpty else { return CarriedFiles() }
    let wanted = CarriedFiles.Wanted(
      label: DjangoManifestText(plan.paths).hash,
      keptCount: options.keptReleaseCount,
      names: plan.names,
      jobs: options.jobCount
    )
    return try await CarriedFiles(options.earlierReleases, wanted)
  }
}
