import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { simulationQuery } from '../api/flows';
import type { Definition } from '../model/definition';
import { NO_TRAIL, trailOf } from '../model/played';
import { FIRST_SETUP, sceneOf, type Move, type Setup } from '../model/scene';

export type Trial = ReturnType<typeof useTrial>;

/** A trial of the definition as it stands: each move plays it again from the beginning. */
export function useTrial(code: string, definition: Definition, on: boolean) {
  const [setup, setSetup] = useState<Setup>(FIRST_SETUP);
  const [moves, setMoves] = useState<readonly Move[]>([]);
  const scene = useMemo(() => sceneOf(definition, setup, moves), [definition, setup, moves]);
  const played = useQuery({ ...simulationQuery(code, definition, scene), enabled: on, placeholderData: keepPreviousData });
  const simulation = on && !played.isError ? played.data : undefined;
  const trail = useMemo(() => (simulation === undefined ? NO_TRAIL : trailOf(simulation, definition)), [simulation, definition]);
  return {
    setup,
    moves,
    simulation,
    trail,
    error: played.isError ? played.error : null,
    playing: played.isFetching,
    retry: () => void played.refetch(),
    begin: (next: Setup) => {
      setSetup(next);
      setMoves([]);
    },
    move: (one: Move) => setMoves((all) => [...all, one]),
    takeBack: () => setMoves((all) => all.slice(0, -1)),
    restart: () => setMoves([]),
  };
}
