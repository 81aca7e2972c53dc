"""What there is to run: each set's files, its tasks, and its figures."""
import glob
import os
from typing import NamedTuple

import foot_sets
import force_sets
import scripted
import wrist_sets


class Set(NamedTuple):
    name: str
    needs: str  # a file that is there when the set is; under the recordings' folder
    tasks_of: object  # (folder, short) -> [Task]
    score_of: object  # ({task: result}, folder) -> figures
    scripted: bool = False

    def missing(self, folder):
        """Why the set cannot be run, or None."""
        if not self.scripted and not os.path.isdir(folder):
            return "no recordings in %s; set STRIDEHUB_RECORDINGS" % folder
        if self.needs and not glob.glob(os.path.join(folder, self.needs)):
            return "no %s in %s" % (self.needs, folder)
        return None

    def tasks(self, folder, short):
        return self.tasks_of(folder, short)

    def score(self, results, folder):
        return list(self.score_of(results, folder))


ALL = (
    Set("gaitndd", "gaitndd/*.ts.gz", force_sets.ndd_tasks, force_sets.ndd_score),
    Set("gaitpdb", "gaitpdb/reference.csv", force_sets.pdb_tasks, force_sets.pdb_score),
    Set("ipol", "ipol_foot_imu/*.json", foot_sets.ipol_tasks, foot_sets.ipol_score),
    Set("gaitmap", "gaitmap_foot_mocap/imu_sample.csv.gz", foot_sets.gaitmap_tasks,
        foot_sets.gaitmap_score),
    Set("oxford", "oxford_steps/*/accelerometer.csv.gz", wrist_sets.oxford_tasks,
        wrist_sets.oxford_score),
    Set("tug", "smartwatch_tug/*_sw.csv.gz", wrist_sets.tug_tasks, wrist_sets.tug_score),
    Set("umafall", "umafall_wrist/*_wrist.csv.gz", wrist_sets.umafall_tasks,
        wrist_sets.umafall_score),
    Set("armswing", "arm_swing/*_gyro.csv.gz", wrist_sets.armswing_tasks,
        wrist_sets.armswing_score),
    Set("scripted", "", scripted.tasks, scripted.score, True),
)

# What has no truth to be held against.
NOT_SCORED = (
    "treadmill_grf: no truth, one belt for both feet, and no device of ours measures it",
    "gaitmap imu_sample_ms_*: a piece of the same walk in another cut",
)
