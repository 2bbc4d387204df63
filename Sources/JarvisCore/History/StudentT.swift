// SPDX-License-Identifier: Apache-2.0

/// Student's t distribution, as far as a 95 % confidence interval needs it.
enum StudentT {
    /// How many standard errors to both sides hold 95 %; exact to nine digits.
    ///
    /// Beyond the table the expansion of Cornish and Fisher in the degrees of freedom is as exact.
    static func factor(degreesOfFreedom: Int) -> Double {
        let degrees = max(1, degreesOfFreedom)
        guard degrees > table.count else { return table[degrees - 1] }
        let inverse = 1 / Double(degrees)
        return terms.reversed().reduce(0) { $0 * inverse + $1 }
    }

    private static let normal = 1.959_963_984_540_054

    /// The coefficients of the powers of 1/degrees of freedom (Abramowitz and Stegun 26.7.5).
    private static let terms: [Double] = {
        let square = normal * normal
        func odd(_ coefficients: [Double], over divisor: Double) -> Double {
            coefficients.reduce(0) { $0 * square + $1 } * normal / divisor
        }
        return [
            normal, odd([1, 1], over: 4), odd([5, 16, 3], over: 96), odd([3, 19, 17, -15], over: 384),
            odd([79, 776, 1482, -1920, -945], over: 92_160),
        ]
    }()

    private static let table = [
        12.7062047361747, 4.30265272974946, 3.18244630528371, 2.77644510519779, 2.57058183563631, 2.44691185114498,
        2.36462425159278, 2.30600413520417, 2.2621571627982, 2.22813885198627, 2.20098516009164, 2.17881282966723,
        2.16036865646279, 2.1447866879178, 2.13144954555978, 2.11990529922125, 2.10981557783332, 2.10092204024104,
        2.09302405440831, 2.08596344726586, 2.07961384472768, 2.07387306790403, 2.06865761041905, 2.06389856162802,
        2.0595385527533, 2.05552943864287, 2.05183051648028, 2.04840714179525, 2.0452296421327, 2.04227245630124,
        2.03951344639641, 2.0369333434601, 2.03451529744934, 2.03224450931772, 2.03010792825034, 2.02809400098045,
        2.02619246302911, 2.02439416391197, 2.02269092003676, 2.02107539030627, 2.01954097044138, 2.01808170281844,
        2.01669219922782, 2.01536757444376, 2.01410338888085, 2.01289559891943, 2.01174051372977, 2.01063475762423,
        2.00957523712924, 2.00855911210076, 2.00758377031584, 2.00664680506169, 2.00574599531787, 2.00487928818806,
        2.00404478328915, 2.00324071884787, 2.00246545929101, 2.00171748414524, 2.00099537808827, 2.00029782201426,
    ]
}
